// Keeps the stylesheet and a page for when there is no signal. The list of files is put in front by the server.
const cacheName = "balai-" + files.join("").length + files.map((file) => file.slice(-20)).join("");
addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([...files, "/luring"])).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});
addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/luring")));
  } else if (new URL(request.url).pathname.startsWith("/aset/")) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});
