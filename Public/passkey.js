// Passkeys: asks the browser for what a form carries, and sends its answer with the form. Without this script there is the code.
(() => {
  "use strict";
  // Authenticators know sites by name, never by number.
  if (!window.PublicKeyCredential || !isSecureContext || /^[\d.]+$|:/.test(location.hostname)) return;
  const isEnglish = document.documentElement.lang === "en";
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const status = form.querySelector("[role=status]");
      try {
        const publicKey = JSON.parse(form.dataset.options);
        publicKey.challenge = bytes(publicKey.challenge);
        if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
        for (const known of publicKey.excludeCredentials ?? []) known.id = bytes(known.id);
        const credential = await navigator.credentials[form.dataset.passkey]({ publicKey });
        const answer = { id: credential.id, type: credential.type, response: {} };
        for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
          if (credential.response[name]) answer.response[name] = text(credential.response[name]);
        }
        form.elements.namedItem("credential").value = JSON.stringify(answer);
        form.submit();
      } catch {
        status.textContent = isEnglish ? "No passkey was used. Try again, or use a code." : "Tidak ada kunci sandi yang dipakai. Coba lagi, atau pakai kode.";
      }
    });
  }
})();
