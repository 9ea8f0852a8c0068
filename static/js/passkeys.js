// <form data-passkey="get|create" data-options="JSON">: asks the browser for a passkey before the form is sent, and
// puts the answer into its [data-passkey-answer] field.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

for (const form of document.querySelectorAll("form[data-passkey]")) {
  let answered = false;
  form.addEventListener("submit", async (event) => {
    if (answered) return;
    event.preventDefault();
    show(form, null);
    try {
      form.querySelector("[data-passkey-answer]").value = JSON.stringify(await ask(form));
      answered = true;
      form.requestSubmit();
    } catch (error) {
      show(form, reason(error));
    }
  });
  // A page taken back from the browser's memory asks again.
  addEventListener("pageshow", () => (answered = false));
}

async function ask(form) {
  if (!navigator.credentials || !window.PublicKeyCredential) throw new TypeError("no passkeys here");
  const options = JSON.parse(form.dataset.options);
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const key of [...(options.allowCredentials ?? []), ...(options.excludeCredentials ?? [])]) key.id = bytes(key.id);
  return spelled(await navigator.credentials[form.dataset.passkey]({ publicKey: options }));
}

// The answer as JSON has it: every buffer in base64url.
function spelled(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
}

function reason(error) {
  if (error instanceof TypeError) return "missing";
  return error.name === "InvalidStateError" ? "known" : "failed";
}

function show(form, which) {
  for (const name of ["failed", "known", "missing"]) form.querySelector(`[data-passkey-${name}]`).hidden = name !== which;
}
