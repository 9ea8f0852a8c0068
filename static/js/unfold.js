// <a data-unfold="URL" aria-expanded="false"> in a row: the row that the URL answers with is shown below it,
// fetched once. Without this script, and whenever something goes wrong, the link itself shows the same.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-unfold]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const row = link.closest("tr");
  const detail = row.nextElementSibling;
  if (detail?.matches(".detail")) show(link, detail, detail.hidden);
  else if (!row.hasAttribute("aria-busy")) load(link, row);
});

async function load(link, row) {
  row.setAttribute("aria-busy", "true");
  const answer = await fetch(link.dataset.unfold).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    location.assign(link.href); // signed out meanwhile, or no longer to be seen: the page says so
    return;
  }
  row.insertAdjacentHTML("afterend", await answer.text());
  row.removeAttribute("aria-busy");
  row.classList.remove("is-new");
  row.querySelector(".badge")?.remove();
  show(link, row.nextElementSibling, true);
}

function show(link, detail, shown) {
  detail.hidden = !shown;
  link.setAttribute("aria-expanded", shown);
}
