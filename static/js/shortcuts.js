// Single keys at the desk: what carries data-key is pressed or typed into by that key; j and k walk through the rows.
// Never while somebody types, never with Ctrl, Alt or Meta; the page leaves this script out for those who want none.
// Ctrl and Enter send what is being written.
const TYPING = "input, textarea, select, [contenteditable]";

addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (key === "Enter" && (event.ctrlKey || event.metaKey) && target.matches?.("textarea")) return target.form.requestSubmit();
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
  if (target.closest?.(TYPING) || document.querySelector("dialog[open]")) return;
  if (walk(key) || press(document.querySelector(`[data-key="${CSS.escape(key)}"]`))) event.preventDefault();
});

function walk(key) {
  const rows = [...document.querySelectorAll("[data-row]")];
  if (!rows.length || !["j", "k"].includes(key)) return false;
  const here = rows.indexOf(document.activeElement);
  const next = key === "j" ? here + 1 : Math.max(here, 1) - 1;
  rows[Math.min(next, rows.length - 1)].focus();
  return true;
}

function press(element) {
  if (!element) return false;
  if (element instanceof HTMLDialogElement) element.showModal();
  else if (element.matches(TYPING)) {
    element.closest("details")?.setAttribute("open", "");
    element.focus();
  } else element.click();
  return true;
}

// For the mouse: the words that tell of the shortcuts open the same help.
for (const button of document.querySelectorAll("[data-opens]"))
  button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
