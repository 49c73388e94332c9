// Optional help for pages that all work without it: keeps what was typed, sends it when the signal is back.
(() => {
  "use strict";
  const isEnglish = document.documentElement.lang === "en";
  const words = (indonesian, english) => isEnglish ? english : indonesian;
  const element = (name, text, more = {}) => Object.assign(document.createElement(name), { textContent: text }, more);

  document.querySelector("#galat")?.focus();
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => print());
  }
  for (const button of document.querySelectorAll("[data-locate]")) {
    const [latitude, longitude] = ["latitude", "longitude"].map((name) => button.form.elements.namedItem(name));
    const status = button.parentElement.querySelector("[role=status]");
    button.parentElement.hidden = !navigator.geolocation;
    button.addEventListener("click", () => navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        latitude.value = coords.latitude.toFixed(6);
        longitude.value = coords.longitude.toFixed(6);
        status.textContent = `${latitude.value}, ${longitude.value}`;
      },
      (error) => { status.textContent = error.message; },
      { enableHighAccuracy: true, timeout: 30000 },
    ));
  }
  // Questions of one kind are asked when that kind is chosen.
  const kind = document.querySelector("select[data-kinds]");
  if (kind) {
    const ask = () => {
      for (const group of document.querySelectorAll("[data-kind]")) group.hidden = group.disabled = group.dataset.kind !== kind.value;
    };
    kind.addEventListener("change", ask);
    ask();
  }
  // Some questions follow from an answer.
  const followers = document.querySelectorAll("[data-when]");
  const follow = () => {
    for (const group of followers) {
      const chosen = [...document.getElementsByName(group.dataset.when)].find((input) => input.checked);
      group.hidden = chosen?.value !== group.dataset.is;
    }
  };
  if (followers.length) addEventListener("change", follow);
  follow();
  if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("/sw.js");

  const notice = document.querySelector(".offline");
  const show = () => { if (notice) notice.hidden = navigator.onLine; };
  addEventListener("online", show);
  addEventListener("offline", show);
  show();

  // The form on this page, if it is one of a report.
  const form = document.querySelector("form[data-draft]");
  const name = form && "draft-" + form.dataset.draft;
  if (form) {
    const key = form.elements.namedItem("kunci");
    // The phone keeps one copy of the page; each report written on it has a key of its own.
    if (key && !document.querySelector("#galat")) key.value = crypto.randomUUID();
    const kept = JSON.parse(localStorage.getItem(name) ?? "{}");
    for (const [field, value] of Object.entries(kept)) {
      const control = form.elements.namedItem(field);
      if (control && "value" in control && !control.value) control.value = value;
    }
    kind?.dispatchEvent(new Event("change", { bubbles: true }));
    form.addEventListener("input", () => {
      const values = {};
      for (const [field, value] of new FormData(form)) {
        if (typeof value === "string" && !["token", "sekali", "kunci"].includes(field)) values[field] = value;
      }
      localStorage.setItem(name, JSON.stringify(values));
    });
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return localStorage.removeItem(name);
      event.preventDefault();
      queue.add(form.action, [...new FormData(form, event.submitter)]).then(() => {
        if (!key) return show();
        localStorage.removeItem(name);
        location.assign("/luring");
      });
    });
  }

  const waitingList = document.querySelector("[data-queue]");
  const list = async () => {
    if (!waitingList) return;
    const items = (await queue.waiting()).map(([key, item]) => {
      const row = element("li", "");
      const text = queue.field(item, "story") || queue.field(item, "address") || item.action;
      const state = item.refused ? words("tidak diterima, kode", "not taken, code") + " " + item.refused : words("menunggu sinyal", "waiting for signal");
      const drop = element("button", words("Buang", "Discard"), { type: "button", className: "text-button" });
      drop.addEventListener("click", () => queue.remove("queue", key).then(list));
      row.append(element("b", text.slice(0, 80)), element("p", state), drop);
      return row;
    });
    waitingList.replaceChildren(...items);
    waitingList.hidden = !items.length;
  };
  const tell = async () => {
    const isHere = (item) => new URL(item.address, location).href === location.href;
    const sent = await queue.sent();
    for (const [key] of sent.filter(([, item]) => isHere(item))) await queue.remove("sent", key);
    for (const [key, item] of sent.filter(([, item]) => !isHere(item))) {
      if (form && form.action === item.action && !form.elements.namedItem("kunci")) {
        localStorage.removeItem(name);
        await queue.remove("sent", key);
        return location.assign(item.address);
      }
      if (document.querySelector(`main [href="${CSS.escape(item.address)}"]`)) continue;
      const link = element("a", item.isDone ? words("buka tanda terima", "open the receipt") : words("lanjutkan", "go on"), { href: item.address });
      const line = element("p", item.isDone ? words("Laporan yang tersimpan sudah terkirim: ", "The report that was kept has been sent: ") : words("Laporan yang tersimpan perlu dilengkapi: ", "The report that was kept needs more: "), { className: "notice" });
      line.setAttribute("role", "status");
      line.append(link);
      document.querySelector("main").prepend(line);
    }
  };
  // One at a time: two that both went on to the next page would each cut the other's way short.
  let round;
  const send = () => round ??= queue.send().then(list).then(tell).finally(() => { round = undefined; });
  addEventListener("online", send);
  addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
  // A phone that says it is online may still have no signal that carries.
  setInterval(() => { if (!document.hidden) send(); }, 60_000);
  send();
})();
