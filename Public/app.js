// Optional help for pages that all work without it: keeps what was typed, sends it when the signal is back.
(() => {
  "use strict";
  document.querySelector("#galat")?.focus();
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("/sw.js");

  // The queue of forms that found no signal: one IndexedDB store, emptied in order. A form's own key makes sending it
  // twice harmless.
  const open = () => new Promise((resolve, reject) => {
    const request = indexedDB.open("balai", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("queue", { autoIncrement: true });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const run = async (mode, act) => {
    const database = await open();
    return new Promise((resolve, reject) => {
      const store = database.transaction("queue", mode).objectStore("queue");
      const request = act(store);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  };
  let isSending = false;
  const send = async () => {
    if (isSending || !navigator.onLine) return;
    isSending = true;
    try {
      for (const key of await run("readonly", (store) => store.getAllKeys())) {
        const item = await run("readonly", (store) => store.get(key));
        const body = new FormData();
        for (const [name, value] of item.fields) body.append(name, value);
        const response = await fetch(item.action, { method: "POST", body, credentials: "same-origin" });
        if (response.status >= 500) break;
        await run("readwrite", (store) => store.delete(key));
        if (item.draft) localStorage.removeItem(item.draft);
        location.assign(response.url);
      }
    } catch { /* still no signal: the next "online" tries again */ } finally { isSending = false; }
  };
  addEventListener("online", send);
  send();

  const notice = document.querySelector(".offline");
  const show = () => { if (notice) notice.hidden = navigator.onLine; };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();

  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const name = "draft-" + form.dataset.draft;
  const kept = JSON.parse(localStorage.getItem(name) ?? "{}");
  for (const [field, value] of Object.entries(kept)) {
    const control = form.elements.namedItem(field);
    if (control && "value" in control && !control.value) control.value = value;
  }
  form.addEventListener("input", () => {
    const values = {};
    for (const [field, value] of new FormData(form)) {
      if (typeof value === "string" && field !== "token" && field !== "sekali") values[field] = value;
    }
    localStorage.setItem(name, JSON.stringify(values));
  });
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return localStorage.removeItem(name);
    event.preventDefault();
    const fields = [...new FormData(form, event.submitter)];
    run("readwrite", (store) => store.add({ action: form.action, fields, draft: name })).then(show);
  });
})();
