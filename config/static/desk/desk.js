/* Where rows are cards, the names of their columns begin as the heads of the table do. */
document.addEventListener("DOMContentLoaded", () => {
  for (const cell of document.querySelectorAll(".result-list [data-label]")) {
    const label = cell.dataset.label;
    cell.dataset.label = label.charAt(0).toLocaleUpperCase() + label.slice(1);
  }
});
