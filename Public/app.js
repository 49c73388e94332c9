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
  // Photos are made smaller before they are sent: what a telephone takes is ten times what anyone looks at. Upright as they were
  // taken, and without the place where. Whatever goes wrong here, the photo is sent as it is.
  const longest = 2560;
  const shrink = async (file) => {
    if (!file.type.startsWith("image/") || file.size < 500_000) return file;
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, longest / Math.max(picture.width, picture.height));
    const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    return blob && blob.size < file.size ? new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" }) : file;
  };
  const shrinking = new Map();
  for (const input of document.querySelectorAll('input[type="file"][accept*="image/"]')) {
    input.addEventListener("change", () => {
      const chosen = [...input.files];
      const work = Promise.all(chosen.map((file) => shrink(file).catch(() => file))).then((files) => {
        if (shrinking.get(input) !== work) return;
        shrinking.delete(input);
        const list = new DataTransfer();
        for (const file of files) list.items.add(file);
        if (files.some((file, index) => file !== chosen[index])) input.files = list.files;
      }).catch(() => shrinking.delete(input));
      shrinking.set(input, work);
    });
    // Sent while that is going on, the form waits for it; before anything else that listens looks at its files.
    input.form?.addEventListener("submit", (event) => {
      if (!shrinking.size) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const { submitter } = event;
      Promise.all(shrinking.values()).then(() => input.form.requestSubmit(submitter));
    });
  }
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

  // What a definite refusal means to whoever wrote the report, and what to do.
  const refusal = (status) => ({
    403: words("Tidak diterima: cookie mungkin diblokir. Izinkan cookie untuk alamat ini, lalu buka lagi isinya dan kirim.", "Not taken: cookies may be blocked. Allow them for this address, then open it again and send."),
    404: words("Tidak diterima: drafnya sudah terlalu lama. Buka lagi isinya dan kirim sebagai laporan baru.", "Not taken: its draft is too old. Open it again and send it as a new report."),
    413: words("Tidak diterima: fotonya terlalu besar. Buka lagi isinya dan pilih foto yang lebih kecil.", "Not taken: its photos are too large. Open it again and choose smaller ones."),
  })[status] ?? words(`Tidak diterima (kode ${status}). Buka lagi isinya dan periksa, atau telepon kami.`, `Not taken (code ${status}). Open it again and check it, or call us.`);

  const waitingList = document.querySelector("[data-queue]");
  const list = async () => {
    if (!waitingList) return;
    const items = (await queue.waiting()).map(([key, item]) => {
      const row = element("li", "");
      const text = queue.field(item, "story") || queue.field(item, "address") || item.action;
      const state = item.refused ? refusal(item.refused) : words("menunggu sinyal", "waiting for signal");
      const drop = element("button", words("Buang", "Discard"), { type: "button", className: "text-button" });
      drop.addEventListener("click", () => queue.remove("queue", key).then(list));
      row.append(element("b", text.slice(0, 80)), element("p", state));
      if (item.refused) {
        const mend = element("button", words("Buka lagi isinya", "Open it again"), { type: "button", className: "text-button" });
        mend.addEventListener("click", () => {
          const typed = item.fields.filter(([field, value]) => typeof value === "string" && !["token", "sekali", "kunci"].includes(field));
          localStorage.setItem("draft-luring", JSON.stringify(Object.fromEntries(typed)));
          location.assign("/lapor/luring");
        });
        row.append(mend);
      }
      row.append(drop);
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
