// A form with data-confirm asks in the named dialog first, then is sent with confirmed=yes; so does a form whose
// pressed button has it.
// Without this script the form goes off as it is, and the server asks on a page of its own.
document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    const dialog = document.getElementById(event.submitter?.dataset.confirm ?? form.dataset.confirm ?? "");
    if (!dialog?.showModal || form.elements.confirmed) return;
    event.preventDefault();
    ask(dialog, form, event.submitter);
  },
  true,
);

function ask(dialog, form, submitter) {
  const text = dialog.querySelector("[data-confirm-text]");
  if (text && form.dataset.confirmText) text.textContent = form.dataset.confirmText;
  dialog.returnValue = "";
  dialog.addEventListener("close", () => dialog.returnValue === "yes" && send(form, submitter), { once: true });
  form.closest("details[data-options]")?.removeAttribute("open");
  dialog.showModal();
}

function send(form, submitter) {
  const confirmed = document.createElement("input");
  Object.assign(confirmed, { type: "hidden", name: "confirmed", value: "yes" });
  confirmed.dataset.asked = "";
  form.append(confirmed);
  form.requestSubmit(submitter);
}

// A page taken back from the browser's memory asks again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const field of document.querySelectorAll("[data-asked]")) field.remove();
});
