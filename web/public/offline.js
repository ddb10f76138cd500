// The service worker: what is shown where the server can't be reached.
//
// Law: of the product it keeps nothing. Every page and every file of it come from the server, so that no old page ever
// meets a new server; kept is the one page that says so, with what it is drawn by. Only going to an address is looked at.

// Of what is kept, as tools/offline.test.ts says: another is fetched anew.
const SHELF = "offline-5bfcc302c71b";
const KEPT = ["/offline.html", "/offline.css", "/coming-back.js", "/icon.svg"];
/** What a proxy says in place of a server that is starting. */
const NOBODY_THERE = [502, 503, 504];

self.addEventListener("install", (event) => {
  const fresh = KEPT.map((path) => new Request(path, { cache: "reload" }));
  event.waitUntil(caches.open(SHELF).then((shelf) => shelf.addAll(fresh)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => event.waitUntil(take()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate" && !pathname.startsWith("/api/")) event.respondWith(arrive(request));
  else if (KEPT.includes(pathname)) event.respondWith(fetch(request).catch(() => kept(pathname)));
});

async function take() {
  const others = (await caches.keys()).filter((name) => name !== SHELF);
  await Promise.all(others.map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The browser isn't told to ask ahead of this worker: where that fails, Firefox shows its own page after all.
async function arrive(request) {
  try {
    const answer = await fetch(request);
    return NOBODY_THERE.includes(answer.status) ? kept("/offline.html") : answer;
  } catch {
    return kept("/offline.html");
  }
}

async function kept(path) {
  return (await caches.match(path)) ?? Response.error();
}
