// Tells colleagues that an answer is being typed, and shows who else types one. It asks only while the page is
// looked at and somebody is there: an abandoned desk falls silent, and its session ends when it should.
const EVERY_MS = 15_000;
const SOMEBODY_IS_THERE_MS = 5 * 60_000;

for (const box of document.querySelectorAll("[data-company]")) {
  const form = document.querySelector(box.dataset.form);
  const token = form.elements.csrfmiddlewaretoken.value;
  let typed = false, told = false, lastSign = Date.now();
  const tell = async (method) => {
    const headers = method === "POST" ? { "X-CSRFToken": token } : {};
    const answer = await fetch(box.dataset.company, { method, headers, redirect: "error" }).catch(() => null);
    if (answer?.ok) show(box, await answer.text());
  };
  const ask = () => {
    const there = document.visibilityState === "visible" && Date.now() - lastSign < SOMEBODY_IS_THERE_MS;
    if (there) tell(typed ? "POST" : "GET");
    typed = false;
  };
  for (const type of ["pointermove", "keydown", "scroll"]) addEventListener(type, () => { lastSign = Date.now(); }, { passive: true });
  form.elements.text.addEventListener("input", () => {
    typed = true;
    if (!told) tell("POST"); // the first letter at once, the others with the next sign
    told = true;
  });
  setInterval(ask, EVERY_MS);
  document.addEventListener("visibilitychange", () => { lastSign = Date.now(); ask(); });
}

function show(box, words) {
  if (box.textContent === words) return; // a screen reader hears it once
  box.textContent = words;
  box.hidden = !words;
}
