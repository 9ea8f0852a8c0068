// A POST form is sent once: a second press while the answer is on its way does nothing.
const GIVE_UP_AFTER = 15000; // milliseconds, when no answer came and the person may try again

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-many")) return;
  if (form.hasAttribute("data-sent")) {
    event.preventDefault();
    return;
  }
  mark(form, true);
  setTimeout(() => mark(form, false), GIVE_UP_AFTER);
});

addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => mark(form, false)));

// Not the disabled attribute: a disabled button's own name and value would not be sent.
function mark(form, sent) {
  form.toggleAttribute("data-sent", sent);
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    if (sent) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}
