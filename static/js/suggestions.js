// Articles that may answer a message, looked for while its subject is typed. The sentence above them is
// a status, so screen readers hear it when they are done with what they are reading.
const PAUSE_MS = 400; // without typing
const SHORTEST = 3; // letters worth asking for
const NOTHING = { said: "", articles: [] };

for (const box of document.querySelectorAll("[data-suggestions]")) {
  const input = document.querySelector(box.dataset.field);
  let timer, asked = "";
  const ask = async () => {
    const text = input.value.trim();
    if (text === asked) return;
    asked = text;
    const found = text.length < SHORTEST ? NOTHING : await look(box.dataset.suggestions, text);
    if (text === asked) show(box, found); // otherwise something else was typed meanwhile
  };
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, PAUSE_MS); });
  ask(); // what a refused form brought back
}

async function look(address, text) {
  const answer = await fetch(`${address}?${new URLSearchParams({ q: text })}`).catch(() => null);
  return answer?.ok ? answer.json() : NOTHING;
}

function show(box, found) {
  box.querySelector("[role=status]").textContent = found.said;
  box.querySelector("ul").replaceChildren(...found.articles.map(row));
}

function row(article) {
  const link = document.createElement("a");
  link.href = article.url;
  link.target = "_blank"; // what is being written stays where it is
  link.textContent = article.title;
  const item = document.createElement("li");
  item.append(link);
  return item;
}
