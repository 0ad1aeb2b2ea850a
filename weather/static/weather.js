// What script adds to pages that are whole without it. Every text that it shows comes translated in the page.
"use strict";

// All lengths of time are in seconds. A page served longer ago than OLD may be a saved copy.
const TICK = 10, OLD = 180, PAUSE = 60, LONGEST_PAUSE = 600, PATIENCE = 15, MOST_RECENT = 6;
const LEISURE = navigator.connection?.saveData ? LONGEST_PAUSE : 0; // who saves data has a page renewed half as often

const root = document.body.dataset.root || "";
const locale = `${document.documentElement.lang || "en"}-u-nu-latn`; // Western digits, as the server writes them
const network = document.getElementById("network");
const said = made("p", { class: "unseen", role: "status" });

let skew = 0; // how far this device's clock is behind the server's, once known
let failed = false, busy = false;
let pause = PAUSE, due = Infinity;

function dressed(element, attributes) {
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

function made(tag, attributes, ...children) {
  const element = dressed(document.createElement(tag), attributes);
  element.append(...children);
  return element;
}

const main = () => document.getElementById("main");
const told = (name) => Number(main().dataset[name] ?? NaN);
const now = () => Math.max(Date.now() / 1000 + skew, told("served") || 0);
const isOld = () => now() - (told("served") || 0) > OLD;

// -- Ages, from the times of the data

const ages = JSON.parse(network?.dataset.ages ?? "null");
const plurals = new Intl.PluralRules(locale);
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
const counted = (forms, n, values) => filled(forms[plurals.select(n)] ?? forms.other, { n, ...values });

// As `Language.ago` of the server has it.
function ago(seconds) {
  const minutes = Math.floor(seconds / 60) % 60, hours = Math.floor(seconds / 3600) % 24;
  const days = Math.floor(seconds / 86400);
  if (seconds < 60) return ages.now;
  const inHours = counted(ages.hours, hours), inMinutes = counted(ages.minutes, minutes);
  if (days) return counted(hours ? ages.days_hours : ages.days, days, { hours: inHours });
  const both = filled(ages.both, { longer: inHours, shorter: inMinutes });
  return filled(ages.ago, { span: !hours ? inMinutes : minutes ? both : inHours });
}

function tick() {
  if (ages) document.querySelectorAll("time[data-age]").forEach(age);
  tellNetwork();
  look();
}

function age(element) {
  const text = ago(now() - Date.parse(element.dateTime) / 1000);
  element.setAttribute("aria-live", "off"); // or each minute would be read aloud
  if (element.textContent !== text) element.textContent = text;
}

// The time of the data as the server writes it, in the zone of the page's place; else in that of the reader.
function stamp() {
  const style = { dateStyle: "medium", timeStyle: "short" };
  return main().dataset.stamp ?? new Date(1000 * told("fetched")).toLocaleString(locale, style);
}

// -- A saved copy says that it is one

function tellNetwork() {
  document.querySelectorAll(".save").forEach((one) => { one.hidden = !navigator.onLine; }); // nothing is saved offline
  if (!network || !ages) return;
  const isOff = !navigator.onLine, isCopy = (failed || isOff) && told("fetched") && isOld();
  const { offline, saved, alerts } = network.dataset, section = document.getElementById("alerts");
  const words = [isOff && offline, isCopy && filled(saved, { time: stamp() }), isCopy && !section && alerts];
  if (isCopy && section) keepAlerts(section, alerts);
  show(words.filter(Boolean).join(" "));
}

// Of the warnings, those that last by their own ends stay, as the last that were known; "none" is known no longer.
function keepAlerts(section, unknown) {
  const all = Array.from(section.querySelectorAll("article[data-ends]"));
  const over = all.filter((one) => Number(one.dataset.ends) <= now()), title = section.querySelector("[data-rest]");
  if (over.length === all.length) {
    if (section.textContent !== unknown) section.replaceChildren(made("p", {}, unknown));
    return;
  }
  if (!section.querySelector(".last-known")) {
    section.querySelector("h2").after(made("p", { class: "last-known" }, section.dataset.lastKnown));
  }
  over.forEach((one) => one.remove());
  if (over.length) title.textContent = title.dataset.rest; // it counted them
}

// Written anew only when its words change; the age in it ticks by itself.
function show(text) {
  network.hidden = !text;
  if (network.dataset.shown === text) return;
  network.dataset.shown = text;
  const [before, after] = text.split("{ago}");
  network.replaceChildren(before);
  if (after === undefined) return;
  const element = made("time", { datetime: new Date(told("fetched") * 1000).toISOString(), "data-age": "" });
  age(element);
  network.append(element, after);
}

// -- An open page renews itself when its answer expires

const renews = () => !Number.isNaN(told("expires"));

function look() {
  if (document.visibilityState === "visible" && now() >= due) refresh();
}

// A page that is served past its time is a failure of the source: it is asked again as seldom as after one.
function plan() {
  if (!renews()) return;
  const expires = told("expires");
  const isLate = failed || expires <= now();
  due = isLate ? now() + pause : expires + LEISURE + 5 * Math.random();
  pause = isLate ? Math.min(2 * pause, LONGEST_PAUSE) : PAUSE;
}

async function refresh() {
  if (busy || !renews()) return;
  busy = true;
  const page = await fetchedAnew().catch(() => null);
  busy = false;
  failed = !page;
  if (page) swap(page);
  plan();
  tick();
}

async function fetchedAnew() {
  const headers = { Accept: "text/html" }, patience = new AbortController(), { signal } = patience;
  setTimeout(() => patience.abort(), 1000 * PATIENCE); // AbortSignal.timeout is missing in browsers of 2022
  const page = await parsed(await fetch(location.href, { headers, signal, redirect: "error" }));
  if (!page.getElementById("main")) throw new Error("no content");
  return page;
}

async function parsed(answer) {
  if (!answer.ok || !answer.headers.get("content-type")?.startsWith("text/html")) throw new Error("no page");
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

function swap(page) {
  const isTyping = document.querySelector("#q:focus");
  if (parts(page) !== parts(document) && !isTyping) return location.reload(); // a new deploy, with another style
  const old = main(), anew = document.adoptNode(page.getElementById("main"));
  const restore = restorer(old, anew), title = document.title;
  document.title = page.title;
  old.replaceWith(anew);
  restore();
  setClock(Number(anew.dataset.served));
  dress();
  if (page.title !== title) said.textContent = page.title;
}

function parts(page) {
  return Array.from(page.querySelectorAll("link[rel=stylesheet], script[src]"), (one) => one.outerHTML).join();
}

// What the reader has opened, moved and chosen stays so.
function restorer(old, anew) {
  const twin = (one) =>
    (one.id && anew.querySelector(`#${CSS.escape(one.id)}`)) ||
    anew.querySelectorAll(one.tagName)[Array.from(old.querySelectorAll(one.tagName)).indexOf(one)] || {};
  const { scrollY } = window, focused = old.querySelector(":focus");
  const moved = Array.from(old.querySelectorAll("[tabindex]"), (one) => [one, one.scrollLeft]);
  return () => {
    old.querySelectorAll("details").forEach((one) => { twin(one).open = one.open; });
    moved.forEach(([one, left]) => { twin(one).scrollLeft = left; });
    if (focused) twin(focused).focus?.({ preventScroll: true });
    scrollTo({ top: scrollY, behavior: "instant" });
  };
}

// A page is rendered as of a whole minute, so a difference of two says nothing.
function setClock(served) {
  const apart = served - Date.now() / 1000;
  skew = Math.abs(apart) > 120 ? apart : 0;
}

// A page that comes from a cache asks anew at once; while nobody answers it is a saved copy.
function wake() {
  if (!renews() || !isOld()) return plan();
  refresh();
  setTimeout(() => { if (busy) { failed = true; tellNetwork(); } }, 1000);
}

function reconnect() {
  pause = PAUSE;
  if (failed || isOld()) refresh();
  tick();
}

// -- Search: a combobox with a list, chosen from by hand (WAI-ARIA Authoring Practices)

class Suggestions {
  constructor(input) {
    const label = input.labels[0].textContent;
    this.input = dressed(input, { role: "combobox", "aria-autocomplete": "list", "aria-controls": "suggestions" });
    this.list = made("ul", { id: "suggestions", class: "suggestions", role: "listbox", "aria-label": label });
    this.hide();
    input.after(this.list);
    input.addEventListener("input", () => this.ask(120));
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.hide());
    this.list.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => this.follow(event.target.closest("[role=option]")));
  }

  get options() {
    return Array.from(this.list.children);
  }

  // Asks once the typing rests; an answer that a later letter has overtaken is never shown.
  ask(wait) {
    this.cease();
    const text = this.input.value.trim(), { signal } = this.asked;
    if (/^[\x00-\x7f]?$/.test(text)) return this.hide();
    this.timer = setTimeout(() => this.offer(text, signal).catch(() => signal.aborted || this.hide()), wait);
  }

  cease() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.asked = new AbortController();
  }

  async offer(text, signal) {
    const page = await parsed(await fetch(`${root}/search?begins=${encodeURIComponent(text)}`, { signal }));
    this.list.replaceChildren(...Array.from(page.querySelectorAll("li"), option));
    this.expand(this.list.children.length > 0);
    said.textContent = page.querySelector("ul")?.dataset.count ?? "";
  }

  expand(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
    this.choose(-1);
  }

  hide() {
    this.cease();
    this.expand(false);
    said.textContent = "";
  }

  choose(index) {
    this.chosen = index;
    this.options.forEach((one, i) => one.setAttribute("aria-selected", String(i === index)));
    const option = this.options[index];
    if (!option) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  // The field itself stands between the last and the first.
  move(step) {
    if (this.list.hidden) return this.ask(0);
    const all = this.options.length + 1;
    this.choose(((this.chosen + 1 + step + all) % all) - 1);
  }

  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const isOpen = !this.list.hidden, isChosen = isOpen && this.chosen >= 0;
    const does = {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      Home: isChosen && (() => this.choose(0)),
      End: isChosen && (() => this.choose(this.options.length - 1)),
      Enter: isChosen && (() => this.follow(this.options[this.chosen])),
      Escape: isOpen && (() => this.hide()),
    }[event.key];
    if (!does) return;
    event.preventDefault();
    does();
  }

  follow(option) {
    if (option) location.assign(option.dataset.href);
  }
}

// A link may not stand inside an option, so its words do.
function option(item, index) {
  const link = item.querySelector("a");
  link.replaceWith(...link.childNodes);
  return made("li", { id: `suggestion-${index}`, role: "option", "data-href": link.href }, ...item.childNodes);
}

// -- Home: recent places and one's own position

// The forecasts last opened, this one first if it is one; none where the browser may not remember.
function recent() {
  const { pathname, search } = location, name = main().querySelector("h1")?.textContent.trim();
  const isForecast = name && told("fetched") && pathname.startsWith(`${root}/forecast/`);
  try {
    const all = JSON.parse(localStorage.getItem(`weatherglass${root}`) ?? "[]");
    if (!isForecast) return all;
    const others = all.filter((one) => one.path.split("?")[0] !== pathname);
    const last = [{ name, path: pathname + search }, ...others].slice(0, MOST_RECENT);
    localStorage.setItem(`weatherglass${root}`, JSON.stringify(last));
    return last;
  } catch {
    return [];
  }
}

function showRecent() {
  const section = document.getElementById("recent"), all = recent();
  if (!section || !all.length) return;
  const links = all.map(({ name, path }) => made("li", {}, made("a", { href: path }, made("bdi", {}, name))));
  section.querySelector("ul").replaceChildren(...links);
  section.hidden = false;
}

function showHere() {
  const button = document.getElementById("here"), answer = made("p", { role: "status" });
  if (!isSecureContext) document.getElementById("insecure")?.removeAttribute("hidden");
  if (!button || !navigator.geolocation || !isSecureContext) return;
  button.after(answer);
  button.hidden = false;
  button.addEventListener("click", () => locate(button, answer));
}

function locate(button, answer) {
  const tell = (text, isBusy) => { answer.textContent = text; button.setAttribute("aria-busy", isBusy); };
  const go = ({ coords }) => {
    const cell = [coords.latitude, coords.longitude].map((degrees) => Number(degrees.toFixed(2)));
    location.assign(`${root}/forecast/${cell}`);
  };
  const fail = ({ code }) => tell(button.dataset[code === 1 ? "denied" : "unavailable"], false);
  tell("", true);
  navigator.geolocation.getCurrentPosition(go, fail, { maximumAge: 600000, timeout: 15000 });
}

// -- Sharing: by the device's own sheet, else by a copy of the address

function showShare() {
  const button = document.getElementById("share"), way = navigator.share ?? navigator.clipboard;
  if (!button || !way) return;
  button.hidden = false;
  button.addEventListener("click", () => share(button).catch(() => {})); // closed without sharing
}

async function share(button) {
  const { title } = document, { href: url } = location;
  if (navigator.share) return navigator.share({ title, url });
  await navigator.clipboard.writeText(url);
  said.textContent = button.textContent = button.dataset.copied;
}

// -- The drawing: a tap or an arrow key writes the numbers of a step under it

function readSteps(event) {
  const region = event.target.closest?.(".drawing .wide"), move = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!region || (event.key && !move)) return;
  const steps = Array.from(region.querySelectorAll(".m-step")), last = steps.indexOf(region.querySelector(".read"));
  const step = event.key ? steps[Math.max(0, last + move)] : event.target.closest(".m-step");
  if (!step) return;
  event.preventDefault();
  steps[last]?.classList.remove("read");
  step.classList.add("read");
  if (event.key) step.scrollIntoView({ block: "nearest", inline: "nearest" });
  document.getElementById("step").textContent = step.textContent;
}

// -- The start

// What has to be done to a page, and again to one that took its place.
function dress() {
  showRecent();
  showHere();
  showShare();
  showChip();
  addressed();
}

// Of more places than a screen is wide the one that is shown begins in the middle; the page itself does not scroll.
function showChip() {
  const chip = document.querySelector(".chips [aria-current]"), strip = chip?.parentElement;
  if (chip) strip.scrollLeft += chip.getBoundingClientRect().left - strip.clientWidth / 2;
}

// A page of an error asks again when its server said that waiting helps.
function retry() {
  const wait = told("retry");
  if (wait) setTimeout(() => location.reload(), 1000 * wait);
}

function register() {
  const { worker } = document.body.dataset;
  if (worker) navigator.serviceWorker?.register(worker).catch(() => {}); // not allowed here: then not offline
}

// What is copied for another site begins with the name of this one.
function addressed() {
  for (const area of document.querySelectorAll(".embed textarea")) area.value = area.value.replaceAll('="/', `="${location.origin}/`);
}

document.body.append(said);
document.querySelectorAll("#q").forEach((input) => new Suggestions(input));
dress();
retry();
wake();
tick();
setInterval(tick, TICK * 1000);
addEventListener("online", reconnect);
addEventListener("offline", tick);
addEventListener("pageshow", (event) => { if (event.persisted) wake(); });
document.addEventListener("visibilitychange", tick);
addEventListener("click", readSteps);
addEventListener("keydown", readSteps);
addEventListener("load", register);
