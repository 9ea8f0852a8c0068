// What is typed is kept on the server as a draft: a moment after the last key, and at once when the page is
// hidden or closed. Without this script a button of the form does the same.
const PAUSE_MS = 1500; // without typing
const LONGEST_MS = 15000; // while somebody types on and on

for (const box of document.querySelectorAll("[data-draft]")) {
  const form = box.closest("form");
  const said = box.querySelector("[data-draft-said]");
  const remove = box.querySelector("[data-draft-remove]");
  let timer, since = 0, saving = null;
  box.querySelector("[data-draft-save]").hidden = true;

  async function save(more = {}) {
    clearTimeout(timer);
    since = 0;
    const body = new FormData(form);
    body.delete("files"); // they go up by themselves
    const request = { method: "POST", body, headers: { Accept: "application/json" }, ...more };
    const answer = await fetch(box.dataset.draft, request).catch(() => null);
    const kept = answer?.ok && (await answer.json().catch(() => null));
    said.textContent = kept ? kept.said : box.dataset.failed;
    if (kept) remove.hidden = !kept.said;
  }

  const start = (more) => { saving = save(more).finally(() => { saving = null; }); };
  const wait = () => {
    clearTimeout(timer);
    since ||= Date.now();
    timer = setTimeout(() => (saving ? wait() : start()), Math.max(0, Math.min(PAUSE_MS, since + LONGEST_MS - Date.now())));
  };
  form.addEventListener("input", wait);
  form.addEventListener("change", wait);
  document.addEventListener("visibilitychange", () => document.hidden && since && start({ keepalive: true }));

  // What is sent is a draft no longer: nothing is saved after it, and it waits for a saving under way.
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // uploads.js sends it later
    clearTimeout(timer);
    since = 0;
    if (!saving) return;
    event.preventDefault();
    saving.then(() => form.requestSubmit(event.submitter));
  }, true);
}
