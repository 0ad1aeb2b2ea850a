// The service worker: a page that was opened once opens again without a network, and says how old it is.
// The server puts two constants in front, VERSION and SHELL. While the server answers in time, nothing old is served.

const ROOT = new URL(self.registration.scope).pathname;
const KEPT_SHELL = `${ROOT} shell ${VERSION}`;
const KEPT_PAGES = `${ROOT} pages`;
const PATIENCE = 2000; // milliseconds after which a kept page is better than waiting
const MOST_PAGES = 30;
const NO_PAGES = /^(api|data|geo|map|static|healthz|readyz|metrics|openapi\.json|llms\.txt)(\/|$)/;

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin || !url.pathname.startsWith(ROOT)) return;
  const path = url.pathname.slice(ROOT.length);
  if (path.startsWith("static/")) event.respondWith(file(event.request));
  else if (NO_PAGES.test(path)) return;
  else if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (event.request.headers.get("accept") === "text/html") event.respondWith(anew(event)); // it renews itself
});

async function install() {
  const shell = await caches.open(KEPT_SHELL);
  await shell.addAll(SHELL);
  await self.skipWaiting();
}

// Kept pages outlive a deploy, their shell does not: see `file`.
async function activate() {
  const names = await caches.keys();
  const past = names.filter((name) => name.startsWith(`${ROOT} shell `) && name !== KEPT_SHELL);
  await Promise.all(past.map((name) => caches.delete(name)));
  await self.clients.claim();
  const open = await self.clients.matchAll({ type: "window" });
  await Promise.all(open.map(keepOpen));
}

// A page that was there before its worker: its very bytes are still with the browser, so nobody is asked.
async function keepOpen({ url }) {
  const answer = await fetch(url, { cache: "force-cache" }).catch(() => null);
  if (answer) await keep(url, answer);
}

async function file(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept || fetch(request).catch(() => likeness(request));
}

// A page kept before a deploy asks for files of that time: those of today have the same names but for the hash.
async function likeness(request) {
  const plain = (path) => path.replace(/\.[0-9a-f]+\./, ".");
  const today = SHELL.find((path) => plain(path) === plain(new URL(request.url).pathname));
  return (today && (await caches.match(today))) || Response.error();
}

// From the network; what is kept only if that fails, is slow, or has nothing but an error of the server.
async function page(event) {
  const answer = anew(event).catch(() => null);
  event.waitUntil(answer);
  const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  if (first && first.status < 500) return first;
  return (await kept(event.request)) || (await answer) || caches.match(`${ROOT}offline`);
}

async function anew(event) {
  const answer = await fetch(event.request);
  event.waitUntil(keep(event.request.url, answer.clone()));
  return answer;
}

async function keep(url, answer) {
  const isPage = (answer.headers.get("content-type") || "").startsWith("text/html");
  if (answer.status !== 200 || answer.redirected || !isPage) return;
  const pages = await caches.open(KEPT_PAGES);
  await pages.delete(url, { ignoreVary: true }); // so that the newest stands last
  await pages.put(url, answer);
  const all = await pages.keys();
  await Promise.all(all.slice(0, -MOST_PAGES).map((old) => pages.delete(old, { ignoreVary: true })));
}

// That page, else the same place in other units or under another name.
async function kept(request) {
  const pages = await caches.open(KEPT_PAGES);
  const exact = await pages.match(request, { ignoreVary: true });
  if (exact || !new URL(request.url).pathname.startsWith(`${ROOT}forecast/`)) return exact;
  return (await pages.matchAll(request, { ignoreVary: true, ignoreSearch: true })).pop();
}
