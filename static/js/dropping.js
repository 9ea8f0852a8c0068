// Files may be dropped anywhere on a page that takes some, and pasted; uploads.js gets them as an event "files".
// A pasted screenshot has no name of its own, so it is called by the time.
const NAMELESS = /^image(\.\w+)$/;
const overlay = document.querySelector("[data-drop-overlay]");
let depth = 0; // elements that the files are above

const hasFiles = (event) => Boolean(event.dataTransfer?.types.includes("Files"));

function show(files) {
  depth = files;
  overlay.hidden = !depth;
}

function give(event, files) {
  const near = event.target.closest?.("form")?.querySelector("[data-uploads]");
  const box = near ?? document.querySelector("[data-uploads]");
  box.dispatchEvent(new CustomEvent("files", { detail: files }));
}

function named(file) {
  const ending = NAMELESS.exec(file.name)?.[1];
  if (!ending) return file;
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString();
  const time = `${now.slice(0, 10)} ${now.slice(11, 19).replaceAll(":", ".")}`;
  return new File([file], `${overlay.dataset.screenshot} ${time}${ending}`, { type: file.type });
}

if (overlay) {
  document.addEventListener("dragenter", (event) => hasFiles(event) && (event.preventDefault(), show(depth + 1)));
  document.addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  document.addEventListener("dragleave", (event) => hasFiles(event) && show(Math.max(0, depth - 1)));
  document.addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(0);
    give(event, [...event.dataTransfer.files]);
  });
  document.addEventListener("paste", (event) => {
    const { files, types } = event.clipboardData;
    if (!files.length || types.includes("text/plain")) return; // copied words stay words
    event.preventDefault();
    give(event, [...files].map(named));
  });
}
