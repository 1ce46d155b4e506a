// The app's service worker: keeps every file that the page needs, so that it starts without a network. `VERSION` and
// `KEPT`, the digest of the static files and the addresses to keep, are told by the script that imports this one.

const CACHE = `door-${self.VERSION}`;
const SHELL = self.KEPT[0];

self.addEventListener("install", (event) => {
  event.waitUntil(keepAll());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOthers().then(() => self.clients.claim()));
});

// A new version waits until the page, at its own start, asks it to take over: never in the middle of a queue.
self.addEventListener("message", (event) => {
  if (event.data === "take-over") {
    self.skipWaiting();
  }
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) {
    return;
  }
  if (request.mode === "navigate") {
    if (address.pathname === SHELL) {
      event.respondWith(openShell(event));
    }
  } else if (address.pathname.startsWith("/static/") || self.KEPT.includes(address.pathname)) {
    event.respondWith(kept(request));
  }
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  await cache.addAll(self.KEPT.map((address) => new Request(address, { cache: "reload" })));
}

async function forgetOthers() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("door-") && name !== CACHE).map((name) => caches.delete(name)));
}

async function kept(request) {
  return (await caches.match(request)) ?? fetch(request);
}

// The kept page at once; where there is a network it is fetched anew behind it, for another language or look.
async function openShell(event) {
  const cache = await caches.open(CACHE);
  const known = await cache.match(SHELL);
  const fresh = fetch(SHELL, { cache: "no-store" }).then(async (answer) => {
    if (answer.ok && (await answer.clone().text()).includes(self.VERSION)) {
      await cache.put(SHELL, answer.clone());
    }
    return answer;
  });
  if (!known) {
    return fresh;
  }
  event.waitUntil(fresh.catch(() => undefined));
  return known;
}
