// <details data-part="URL">: what the URL answers with stands in its <div> once it is opened, fetched once. Without
// this script, and whenever something goes wrong, the link in it shows the same on a page of its own.
for (const part of document.querySelectorAll("details[data-part]")) {
  part.addEventListener("toggle", () => load(part), { once: true });
}

async function load(part) {
  const place = part.querySelector("div");
  place.setAttribute("aria-busy", "true");
  const answer = await fetch(part.dataset.part).catch(() => null);
  if (answer?.ok && !answer.redirected) place.innerHTML = await answer.text();
  place.removeAttribute("aria-busy");
}
