/* The plan of a hall. The server says what is there and whether a change is possible; the page asks anew every few seconds. */
import { find, page, root, settings, standOf, store, svg, view } from "./page.js";
import { change, choose, chooseCompany, judge, refresh } from "./acts.js";
import { label, paint, shapes } from "./drawing.js";
import { drawBar, drawDetail, drawFits, drawList, drawStands } from "./side.js";
import { bringIntoView, fitAll, panByShare, zoom } from "./view.js";

const POLL_MS = 4000;

for (const [id, group] of shapes) {
  group.setAttribute("role", "button");
  group.setAttribute("tabindex", "-1");
  group.addEventListener("focus", () => { bringIntoView(group); judge(id); });
  let resting = 0; // the pointer passes over many stands on its way: only where it rests is worth a question
  group.addEventListener("pointerenter", () => { store.under = id; clearTimeout(resting); resting = setTimeout(() => judge(id), 250); });
  group.addEventListener("pointerleave", () => { store.under = null; clearTimeout(resting); });
}
if (svg.querySelector(".stand")) svg.querySelector(".stand").setAttribute("tabindex", "0");

/* While a company is being dragged only the colours change: the row that holds the pointer must stay. */
page.draw = () => {
  paint();
  if (store.isDragging) return;
  drawList();
  drawFits();
  drawDetail();
  drawStands();
  drawBar();
};
page.drawJudged = (id) => { drawDetail(); label(standOf(id)); };

view.addEventListener("keydown", (event) => {
  const group = event.target.closest(".stand");
  const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  if (event.key === "+" || event.key === "=") zoom(1 / 1.3);
  else if (event.key === "-") zoom(1.3);
  else if (event.key === "0") fitAll();
  else if (arrows[event.key] && (!group || event.shiftKey)) panByShare(...arrows[event.key]);
  else if (arrows[event.key]) next(group, arrows[event.key]);
  else if (group && (event.key === "Enter" || event.key === " ")) choose(Number(group.dataset.stand));
  else if (event.key === "Escape") { store.company = null; store.fits = null; store.stand = null; page.draw(); } else return;
  event.preventDefault();
});

/* The nearest stand in a direction. */
function next(group, [dx, dy]) {
  const middle = (one) => { const shape = one.querySelector(".shape").getBBox(); return [shape.x + shape.width / 2, shape.y + shape.height / 2]; };
  const [x, y] = middle(group);
  let best = null;
  let least = Infinity;
  for (const other of shapes.values()) {
    if (other === group) continue;
    const [ox, oy] = middle(other);
    const along = (ox - x) * dx + (oy - y) * dy;
    const across = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
    if (along > 0.5 && along + 3 * across < least) { least = along + 3 * across; best = other; }
  }
  if (!best) return;
  for (const other of shapes.values()) other.setAttribute("tabindex", other === best ? "0" : "-1");
  best.focus();
}

find("[data-search]").addEventListener("input", drawList);
find("[data-stands-box]").addEventListener("toggle", drawStands);
find("[data-hall]").addEventListener("change", (event) => { location.href = event.target.value; });
find("[data-mode]").addEventListener("change", (event) => {
  store.mode = event.target.value;
  const sheet = find("[data-sheet]");
  sheet.href = settings.urls.sheet + "?print=a3&by=" + store.mode;
  paint();
});
const undo = find("[data-undo]");
if (undo) undo.addEventListener("click", () => change({ action: "undo" }));

page.draw();
if (settings.first.stand && standOf(settings.first.stand)) { choose(settings.first.stand); const group = shapes.get(settings.first.stand); if (group) bringIntoView(group); }
if (settings.first.application) {
  const there = store.state.stands.find((one) => one.placements.some((placement) => placement.application === settings.first.application));
  const waiting = store.state.unplaced.find((one) => one.id === settings.first.application);
  if (there) choose(there.id);
  else if (waiting) chooseCompany(waiting);
}
setInterval(() => { if (!document.hidden && !store.isBusy) refresh(true); }, POLL_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(true); });
root.dataset.ready = "true";
