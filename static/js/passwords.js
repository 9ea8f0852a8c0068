// Shows a password while its button is pressed in, and ticks the rules while it is typed.
const RULES = {
  length: (text) => [...text].length >= 8,
  upper: (text) => /\p{Lu}/u.test(text),
  lower: (text) => /\p{Ll}/u.test(text),
  digit: (text) => /\p{Nd}/u.test(text),
  special: (text) => /[^\p{L}\p{N}\s]/u.test(text),
};

for (const button of document.querySelectorAll("[data-show-password]")) {
  const input = document.getElementById(button.dataset.showPassword);
  if (!input) continue;
  const show = (yes) => {
    input.type = yes ? "text" : "password";
    button.setAttribute("aria-pressed", String(yes));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(input.type === "password"));
  // Never sent as text: browsers keep what was typed into text fields.
  input.form?.addEventListener("submit", () => show(false));
}

for (const list of document.querySelectorAll("[data-password-rules]")) {
  const input = document.querySelector(list.dataset.passwordRules);
  if (!input) continue;
  const update = () => {
    for (const item of list.querySelectorAll("[data-rule]")) tick(item, RULES[item.dataset.rule](input.value), list);
  };
  input.addEventListener("input", update);
  update();
}

function tick(item, met, list) {
  if (item.hasAttribute("data-met") === met) return;
  item.toggleAttribute("data-met", met);
  item.querySelector(".visually-hidden")?.remove();
  if (!met || !list.dataset.met) return;
  const word = document.createElement("span");
  word.className = "visually-hidden";
  word.textContent = list.dataset.met;
  item.append(word);
}
