// Toasts close by their button; good news also closes by itself, unless somebody is reading it.
const STAYS_FOR = 8000; // milliseconds: long enough to read two lines

function watch(toast) {
  let timer;
  const stop = () => clearTimeout(timer);
  const start = () => {
    stop();
    timer = setTimeout(() => toast.remove(), STAYS_FOR);
  };
  toast.querySelector("[data-dismiss]")?.addEventListener("click", () => toast.remove());
  if (toast.hasAttribute("data-stays")) return;
  for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
  for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
  start();
}

for (const region of document.querySelectorAll("[data-toasts]")) {
  const toasts = [...region.querySelectorAll("[data-toast]")];
  toasts.forEach(watch);
  // A live region speaks only of what changes in it after it was there.
  setTimeout(() => region.append(...toasts.filter((toast) => toast.isConnected)), 150);
  // Toasts that a later answer puts here behave the same.
  new MutationObserver((changes) => {
    for (const node of changes.flatMap((change) => [...change.addedNodes])) {
      if (node.matches?.("[data-toast]") && !toasts.includes(node)) {
        toasts.push(node);
        watch(node);
      }
    }
  }).observe(region, { childList: true });
}
