// <button data-copy="#id">: the text of that element without spaces, or what its data-plain says, or the value of
// that input, to the clipboard.
const SHOWN_FOR = 2000; // milliseconds

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const isInput = "value" in source && source.tagName !== "OUTPUT";
  const text = source.dataset.plain ?? (isInput ? source.value : source.textContent.replace(/\s+/g, ""));
  const label = button.querySelector("[data-copy-label]") ?? button;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    getSelection().selectAllChildren(source); // No permission, or no https: ready for Ctrl+C.
    return;
  }
  if (!button.dataset.copied || button.dataset.label) return;
  button.dataset.label = label.textContent;
  label.setAttribute("role", "status");
  label.textContent = button.dataset.copied;
  setTimeout(() => {
    label.textContent = button.dataset.label;
    delete button.dataset.label;
  }, SHOWN_FOR);
});
