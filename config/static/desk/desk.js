/* What the theme's pages lack for those who use them on a telephone, by keyboard or by ear. */

/* Where rows are cards, the names of their columns begin as the heads of the table do. */
function capitalLabels() {
  for (const cell of document.querySelectorAll(".result-list [data-label]")) {
    const label = cell.dataset.label;
    cell.dataset.label = label.charAt(0).toLocaleUpperCase() + label.slice(1);
  }
}

/* The boxes in which one searches for what to choose are named as their fields are. */
function nameSearchBoxes() {
  for (const box of document.querySelectorAll(".select2-search__field:not([aria-label]), .select2-selection--single:not([data-named])")) {
    const label = box.closest(".select2-container")?.previousElementSibling?.labels?.[0];
    if (!label) continue;
    if (box.matches("input")) { box.setAttribute("aria-label", label.textContent.trim()); continue; }
    label.id ||= `${label.htmlFor}_label`;
    box.setAttribute("aria-labelledby", `${label.id} ${box.getAttribute("aria-labelledby") || ""}`.trim());
    box.dataset.named = "";
  }
}

/* A table that is wider than its place is scrolled with the arrows, once it has the keyboard. */
function focusWideTables() {
  for (const part of document.querySelectorAll(".desk-cells, .desk-scroll")) {
    if (part.scrollWidth > part.clientWidth) part.tabIndex = 0;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  capitalLabels();
  new MutationObserver(nameSearchBoxes).observe(document.body, { childList: true, subtree: true });  // the boxes come later than the page
});
window.addEventListener("load", focusWideTables);
