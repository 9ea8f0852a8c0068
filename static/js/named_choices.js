// The fields that the administration's search among rows (Select2) draws are named as those they stand for.
const jQuery = window.django?.jQuery;

// As a module it is read after what draws the fields, so jQuery calls it after that.
jQuery?.(() => {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const [label] = select.labels;
    if (label) name(select, label);
  }
});

function name(select, label) {
  const drawn = select.nextElementSibling;
  label.id ||= `${select.id}_label`;
  const box = drawn.querySelector(".select2-selection");
  box.setAttribute("aria-labelledby", [label.id, box.getAttribute("aria-labelledby")].filter(Boolean).join(" "));
  for (const field of drawn.querySelectorAll(".select2-search__field, [role=textbox]")) {
    field.setAttribute("aria-labelledby", label.id);
  }
  // The list of a field for one row has a search of its own, drawn when it opens.
  jQuery(select).on("select2:open", () => {
    document.querySelector(".select2-dropdown .select2-search__field")?.setAttribute("aria-labelledby", label.id);
  });
}
