// Light, dark or as the system says. Runs before the first paint, so it is a classic script in the head.
(() => {
  const root = document.documentElement;

  function stored() {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto"; // Storage may be forbidden; then the system decides.
    }
  }

  function apply(choice) {
    if (choice === "auto") delete root.dataset.theme;
    else root.dataset.theme = choice;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
    }
  }

  apply(stored());
  addEventListener("DOMContentLoaded", () => apply(stored()));
  addEventListener("storage", () => apply(stored()));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem("theme", button.dataset.themeChoice);
    } catch {
      // Kept for this page only.
    }
    apply(button.dataset.themeChoice);
  });
})();
