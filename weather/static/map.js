// A map that moves where it is: a drag, the wheel, two fingers and the keys fetch the next one and put it in its place.
"use strict";

const ARROWS = { ArrowUp: "north", ArrowLeft: "west", ArrowRight: "east", ArrowDown: "south" };
const KEYS = { ...ARROWS, "+": "in", "=": "in", "-": "out" };
const LEAST_DRAG = 6, NOTCH = 60; // pixels that are no accident; of a wheel, those of one zoom

const fingers = new Map(); // by pointer: where it went down, and where it is
const waiting = []; // ways to go once the map is there that is being fetched: each press counts
let fetching = null, wheeled = 0, shown = location.pathname + location.search;

const frame = () => document.querySelector(".frame"), map = () => frame().querySelector(".map");
const way = (word) => document.querySelector(`.moves a.${word}`);

// The middle of the fingers, and how far apart two of them are, in pixels of the window.
function middle(which) {
  const points = Array.from(fingers.values(), (finger) => finger[which]);
  return [0, 1].map((axis) => points.reduce((sum, one) => sum + one[axis], 0) / points.length);
}

function apart(which) {
  const [one, other] = Array.from(fingers.values(), (finger) => finger[which]);
  return Math.max(1, Math.hypot(one[0] - other[0], one[1] - other[1])); // two may lie on one point
}

// -- From one map to the next

async function go(address, isBack = false) {
  fetching?.abort();
  const asked = fetching = new AbortController();
  try {
    // Without an Accept of its own: the worker keeps pages for reading offline, and these are too many.
    const page = await parsed(await fetch(address, { signal: asked.signal }));
    if (!page.querySelector(".map")) throw new Error("no map");
    if (!isBack) history.pushState(null, "", address);
    put(page);
  } catch {
    if (!asked.signal.aborted) fail();
  }
  if (fetching !== asked) return;
  fetching = null;
  goOn();
}

// A way leads on from the map that it stands beside.
function goOn() {
  while (waiting.length && !fetching) {
    const link = way(waiting.shift());
    if (link) go(link.href);
  }
}

function step(word) {
  waiting.push(word);
  goOn();
}

function put(page) {
  const { top } = map().getBoundingClientRect(), focused = document.querySelector(".atlas :focus")?.closest("a, svg");
  main().replaceWith(document.adoptNode(page.getElementById("main")));
  document.querySelector("[name=page]").value = page.querySelector("[name=page]").value;
  document.title = page.title;
  shown = location.pathname + location.search;
  settle();
  if (focused) (way(focused.getAttribute("class")) ?? map()).focus({ preventScroll: true });
  // The words above it may need more lines than before.
  scrollBy({ top: map().getBoundingClientRect().top - top, behavior: "instant" });
  said.textContent = main().querySelector("h1").textContent;
}

function fail() {
  settle();
  waiting.length = 0;
  const { failed: words } = frame().dataset;
  document.querySelector(".trouble")?.remove();
  frame().append(made("p", { class: "missing trouble" }, words));
  said.textContent = words;
}

// As it stands, to be taken.
function settle() {
  fingers.clear();
  wheeled = 0;
  map().style.transform = "";
  map().setAttribute("tabindex", "0");
}

// The address of the map that shows this one shifted, and zoomed around a point: Web Mercator, as the server has it.
function address(shift, steps, point) {
  const { left, top, world } = map().dataset, { width, height } = map().viewBox.baseVal, scale = 2 ** steps;
  const [x, y] = [[left, width], [top, height]].map(([edge, size], axis) =>
    ((Number(edge) + point[axis]) * scale - point[axis] - shift[axis] + size / 2) / (world * scale));
  const latitude = (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
  const cell = [latitude, ((((x * 360) % 360) + 360) % 360) - 180].map((degrees) => Number(degrees.toFixed(2)));
  const url = new URL(way("east").href);
  url.pathname = `${root}/forecast/${cell}/map`;
  url.searchParams.set("zoom", Number(url.searchParams.get("zoom")) + steps);
  return url.href;
}

// Pixels as units of the picture.
function units(pixels) {
  const scale = map().viewBox.baseVal.width / frame().clientWidth;
  return pixels.map((one) => one * scale);
}

// From the corner of the picture, which itself may be shifted now.
function inside([x, y]) {
  const { left, top } = frame().getBoundingClientRect();
  return [x - left, y - top];
}

const possible = (steps) => Math.max(way("out") ? -1 : 0, Math.min(way("in") ? 1 : 0, steps));

// -- What the reader does

function press(event) {
  const word = KEYS[event.key], isOther = event.ctrlKey || event.metaKey || event.altKey;
  if (!word || isOther || !event.target.closest?.(".atlas")) return;
  event.preventDefault();
  if (!(event.repeat && fetching)) step(word);
}

function click(event) {
  const link = event.target.closest?.(".moves a");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  step(link.className);
}

function wheel(event) {
  const steps = possible(-Math.sign(event.deltaY));
  if (!event.target.closest?.(".map") || !steps) return;
  event.preventDefault();
  if (fetching) return;
  wheeled += event.deltaY * (event.deltaMode ? 20 : event.ctrlKey ? 10 : 1);
  if (Math.abs(wheeled) < NOTCH) return;
  wheeled = 0;
  go(address([0, 0], steps, units(inside([event.clientX, event.clientY]))));
}

function take(event) {
  if (event.button || fingers.size > 1 || !event.target.closest?.(".map")) return;
  const at = [event.clientX, event.clientY]; // a second finger begins anew
  fingers.forEach((one) => { one.from = one.at; });
  fingers.set(event.pointerId, { from: at, at });
  map().setPointerCapture(event.pointerId);
}

function dragged() {
  const from = middle("from"), scale = fingers.size > 1 ? apart("at") / apart("from") : 1;
  return { from, scale, shift: middle("at").map((one, axis) => one - from[axis]) };
}

function follow(event) {
  if (!fingers.has(event.pointerId)) return;
  fingers.get(event.pointerId).at = [event.clientX, event.clientY];
  const { from, scale, shift } = dragged(), [x, y] = inside(from);
  map().style.transformOrigin = `${x}px ${y}px`;
  map().style.transform = `translate(${shift[0]}px, ${shift[1]}px) scale(${scale})`;
}

function release(event) {
  if (!fingers.has(event.pointerId)) return;
  const { from, scale, shift } = dragged(), steps = possible(Math.round(Math.log2(scale)));
  fingers.clear();
  if (event.type === "pointercancel" || (Math.hypot(...shift) < LEAST_DRAG && !steps)) return settle();
  go(address(units(shift), steps, units(inside(from))));
}

function back() {
  if (shown === location.pathname + location.search) return;
  waiting.length = 0;
  go(location.href, true);
}

settle();
addEventListener("keydown", press);
addEventListener("click", click);
addEventListener("wheel", wheel, { passive: false });
addEventListener("pointerdown", take);
addEventListener("pointermove", follow);
addEventListener("pointerup", release);
addEventListener("pointercancel", release);
addEventListener("popstate", back);
