// What a choice costs, asked for whenever something else is chosen: the page at <form data-sums="address"> says it
// in #sums, as the server works it out. Without this script, or without an answer, the button "Recalculate" does.
const NOT_CHOSEN = ["csrfmiddlewaretoken", "acting_for", "recalculate"];

for (const form of document.querySelectorAll("form[data-sums]")) {
  const box = form.querySelector("#sums");
  const button = form.elements.recalculate;
  button.hidden = true;
  let last;
  const ask = async () => {
    last?.abort(); // only what is chosen now matters
    const mine = (last = new AbortController());
    const page = await look(form, mine.signal);
    if (mine.signal.aborted) return;
    const part = page && new DOMParser().parseFromString(page, "text/html").querySelector("#sums");
    box.replaceChildren(...(part ? part.childNodes : [])); // no sums are better than those of another choice
    button.hidden = Boolean(part); // the way that is left
  };
  form.addEventListener("change", ask);
  // A browser that goes back to the page, or loads it again, may keep what was chosen.
  addEventListener("pageshow", () => { if ([...form.elements].some(isChanged)) ask(); });
}

function isChanged(field) {
  if (field.type === "radio") return field.checked !== field.defaultChecked;
  return field.tagName === "SELECT" && [...field.options].some((option) => option.selected !== option.defaultSelected);
}

async function look(form, signal) {
  const chosen = new URLSearchParams(new FormData(form));
  for (const name of NOT_CHOSEN) chosen.delete(name);
  const answer = await fetch(`${form.dataset.sums}?${chosen}`, { signal, redirect: "error" }).catch(() => null);
  return answer?.ok ? answer.text().catch(() => "") : "";
}
