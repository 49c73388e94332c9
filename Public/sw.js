// Keeps the stylesheet, the scripts and the report on one page for when there is no signal, and what was sent without
// one. The list of files is put in front by the server.
importScripts(files.find((file) => file.includes("queue")));
const cacheName = "balai-" + files.map((file) => file.slice(-20)).join("");
const pages = ["/luring", "/lapor/luring"];
addEventListener("install", (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([...files, ...pages])).then(() => skipWaiting()));
});
addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))))
      .then(() => clients.claim()),
  );
});
addEventListener("sync", (event) => event.waitUntil(queue.send()));

// A kept page is older than the visit; what it says of the city's kinds of problem is brought up to date at the door.
const refresh = () => caches.open(cacheName).then((cache) => cache.addAll(pages)).catch(() => {});

// What could not be sent is kept, and the phone goes on to the page that says so.
const keep = async (request) => {
  await queue.add(request.url, [...await request.formData()]);
  await registration.sync?.register("queue").catch(() => {});
  return Response.redirect("/luring", 303);
};
addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.mode === "navigate" && request.method === "POST" && (pathname === "/lapor" || pathname.startsWith("/lapor/"))) {
    const copy = request.clone();
    event.respondWith(fetch(request).catch(() => keep(copy)));
  } else if (request.mode === "navigate" && request.method === "GET") {
    if (pathname === "/lapor") event.waitUntil(refresh());
    event.respondWith(fetch(request).catch(() => caches.match(pathname.startsWith("/lapor") ? "/lapor/luring" : "/luring")));
  } else if (request.method === "GET" && pathname.startsWith("/aset/")) {
    event.respondWith(caches.match(request).then((found) => found ?? fetch(request)));
  }
});
