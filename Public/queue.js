// Forms that found no signal: kept on this phone, sent in order by the page or by the service worker. A report carries
// a key of its own, so that sending it twice makes one case.
const queue = (() => {
  "use strict";
  const open = () => new Promise((resolve, reject) => {
    const request = indexedDB.open("balai", 2);
    request.onupgradeneeded = () => {
      for (const name of ["queue", "sent"]) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name, { autoIncrement: true });
      }
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const run = async (name, mode, act) => {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const request = act(database.transaction(name, mode).objectStore(name));
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    } finally { database.close(); }
  };
  const entries = async (name) => {
    const keys = await run(name, "readonly", (store) => store.getAllKeys());
    return Promise.all(keys.map(async (key) => [key, await run(name, "readonly", (store) => store.get(key))]));
  };
  const add = (action, fields) => run("queue", "readwrite", (store) => store.add({ action, fields }));
  const remove = (name, key) => run(name, "readwrite", (store) => store.delete(key));
  const field = (item, name) => item.fields.find(([found]) => found === name)?.[1] ?? "";

  const post = (item) => {
    const body = new FormData();
    for (const [name, value] of item.fields) body.append(name, value);
    return fetch(item.action, { method: "POST", body, credentials: "same-origin" });
  };
  // The form may have been kept since a visit that is over: it takes the token of this one.
  const renew = async (item) => {
    const page = await fetch("/lapor/luring", { credentials: "same-origin", cache: "reload" });
    const token = (await page.text()).match(/name="token" value="([^"]+)"/)?.[1];
    if (!page.ok || !token) throw new Error("no page of ours");
    item.fields = item.fields.map(([name, value]) => [name, name === "token" ? token : value]);
  };
  // “Not now” is no answer to a report: it is tried again until it is taken or definitely refused.
  const isNotNow = (status) => status >= 500 || [408, 425, 429].includes(status);

  // Sends what waits; stops where there is still no signal, or where a page of somebody else answers in our place. What is
  // definitely refused stays too, with the answer's number, until the person discards it.
  const send = async () => {
    for (const [key, item] of await entries("queue")) {
      if (item.refused) continue;
      let response = await post(item);
      if (response.status === 403) {
        await renew(item);
        response = await post(item);
      }
      if (isNotNow(response.status) || new URL(response.url).origin !== location.origin) return;
      if (response.ok || response.status === 422) {
        // Unfinished: the city keeps it as a draft, and the reporter goes on from there.
        const draft = field(item, "kunci");
        const address = response.ok ? response.url : draft ? `/lapor/${draft}/masalah?periksa=1` : item.action;
        const isDone = response.ok && address.includes("/tanda-terima");
        await run("sent", "readwrite", (store) => store.add({ address, action: item.action, isDone }));
        await remove("queue", key);
      } else {
        await run("queue", "readwrite", (store) => store.put({ ...item, refused: response.status }, key));
      }
    }
  };
  let sending;
  return {
    add,
    remove,
    field,
    waiting: () => entries("queue"),
    sent: () => entries("sent"),
    send: () => sending ??= send().catch(() => { /* still no signal */ }).finally(() => { sending = undefined; }),
  };
})();
