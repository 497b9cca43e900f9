/* Asks the browser for a passkey when its form is sent. Without scripts the form stays
   hidden, and a code or the password is the way. */
"use strict";

(() => {
  const form = document.querySelector("form[data-passkey]");
  const text = document.getElementById("passkey-options");
  const ask = form && form.dataset.passkeyAsk;
  if (!form || !(text || ask) || !window.PublicKeyCredential) return;

  function bytes(word) {
    const plain = atob(word.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  function word(buffer) {
    const signs = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte));
    return btoa(signs.join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  /* On the page already, or asked for when it is needed. */
  async function options() {
    if (text) return JSON.parse(text.textContent);
    const answer = await fetch(ask, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }

  async function wanted() {
    const { publicKey } = await options();
    publicKey.challenge = bytes(publicKey.challenge);
    if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
    for (const list of [publicKey.excludeCredentials, publicKey.allowCredentials]) {
      for (const one of list || []) one.id = bytes(one.id);
    }
    return { publicKey };
  }

  function told(made) {
    const response = {};
    for (const part of [
      "clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle",
    ]) {
      if (made.response[part]) response[part] = word(made.response[part]);
    }
    if (made.response.getTransports) response.transports = made.response.getTransports();
    return {
      id: made.id,
      rawId: word(made.rawId),
      type: made.type,
      authenticatorAttachment: made.authenticatorAttachment,
      clientExtensionResults: made.getClientExtensionResults(),
      response,
    };
  }

  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const failed = form.querySelector("[data-passkey-failed]");
    failed.hidden = true;
    try {
      const made = await navigator.credentials[form.dataset.passkey](await wanted());
      form.elements.credential.value = JSON.stringify(told(made));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
})();
