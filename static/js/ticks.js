// <form data-ticks="NAME"> with an <input type="checkbox" data-tick-all>: one box ticks all those of that name.
for (const form of document.querySelectorAll("[data-ticks]")) {
  const all = form.querySelector("[data-tick-all]");
  const boxes = [...document.querySelectorAll(`[type=checkbox][name="${form.dataset.ticks}"]`)];
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
  };
  all.addEventListener("change", () => boxes.forEach((box) => { box.checked = all.checked; }));
  boxes.forEach((box) => box.addEventListener("change", count));
  count(); // what the browser remembered from before
}
