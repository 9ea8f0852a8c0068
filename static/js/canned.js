// A chosen canned answer goes where the cursor is, without leaving the page. Without this script the same
// button sends the form, and the page comes back with the text below what was typed.
for (const box of document.querySelectorAll("[data-canned]")) {
  const form = box.closest("form");
  const text = form.elements.text;
  const choice = box.querySelector("select");
  box.querySelector("button").addEventListener("click", async (event) => {
    event.preventDefault();
    if (!choice.value) return choice.focus();
    const answer = await fetch(box.dataset.canned.replace(/0\/$/, `${choice.value}/`)).catch(() => null);
    if (!answer?.ok) return form.requestSubmit(event.target); // the server says what is wrong
    text.setRangeText(await answer.text(), text.selectionStart, text.selectionEnd, "end");
    text.focus();
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
