/* Dragging: one finger or the mouse moves the plan, or a planned company that it began on, or a company from the list; two fingers zoom. */
import { fill, make, page, say, settings, standOf, store, texts, view } from "./page.js";
import { change, choose, chooseCompany } from "./acts.js";
import { shapes } from "./drawing.js";
import { pan, unitsPerPixel, zoom } from "./view.js";

let ghost = null; // what is being dragged

const pointers = new Map();
let gesture = null;
view.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  const group = event.target.closest(".stand");
  if (pointers.size === 2) { gesture = { pinch: spread() }; return; }
  const one = group && standOf(Number(group.dataset.stand));
  const plan = one && settings.mayPlace && one.placements.find((placement) => placement.state === "planned" && placement.application);
  gesture = { x: event.clientX, y: event.clientY, group, plan, moved: false };
});
window.addEventListener("pointermove", (event) => {
  if (!pointers.has(event.pointerId) || !gesture) return;
  const before = pointers.get(event.pointerId);
  pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  if (gesture.pinch) {
    const now = spread();
    if (now.distance > 0) zoom(gesture.pinch.distance / now.distance, now.x, now.y);
    gesture.pinch = now;
    return;
  }
  if (!gesture.moved && Math.hypot(event.clientX - gesture.x, event.clientY - gesture.y) < 6) return;
  gesture.moved = true;
  if (gesture.plan) { drag(event, gesture.plan.company); return; }
  view.classList.add("is-panning");
  const scale = unitsPerPixel();
  pan((before.x - event.clientX) * scale, (before.y - event.clientY) * scale);
});
const release = (event) => {
  if (!pointers.delete(event.pointerId) || !gesture) return;
  const done = gesture;
  if (pointers.size === 0) gesture = null;
  view.classList.remove("is-panning");
  if (done.pinch) return;
  if (!done.moved && done.group && event.type === "pointerup") choose(Number(done.group.dataset.stand));
  if (done.moved && done.plan) drop(event, (target) => change({ action: "move", placement: done.plan.id, stand: target }));
};
window.addEventListener("pointerup", release);
window.addEventListener("pointercancel", release);

function spread() {
  const [one, two] = [...pointers.values()];
  return { distance: Math.hypot(one.x - two.x, one.y - two.y), x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
}

/* A company on its way to a stand. */
function drag(event, name) {
  if (!ghost) {
    ghost = make("div", { class: "planner-ghost" }, name);
    document.body.append(ghost);
    store.isDragging = true;
    say(fill(texts.dragging, { company: name }));
  }
  ghost.style.left = event.clientX + 12 + "px";
  ghost.style.top = event.clientY + 12 + "px";
  const target = groupAt(event);
  for (const group of shapes.values()) group.classList.toggle("is-target", group === target);
}

function groupAt(event) {
  const element = document.elementFromPoint(event.clientX, event.clientY);
  return element ? element.closest(".planner-view .stand") : null;
}

function drop(event, take) {
  if (ghost) ghost.remove();
  ghost = null;
  store.isDragging = false;
  say("");
  const target = event.type === "pointerup" ? groupAt(event) : null;
  for (const group of shapes.values()) group.classList.remove("is-target");
  if (target) take(Number(target.dataset.stand));
  else page.draw();
}

export function draggable(element, one) {
  let start = null;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !settings.mayPlace) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    start = { x: event.clientX, y: event.clientY, moved: false };
  });
  element.addEventListener("pointermove", (event) => {
    if (!start) return;
    if (!start.moved && Math.hypot(event.clientX - start.x, event.clientY - start.y) < 6) return;
    drag(event, one.company);
    if (!start.moved) { start.moved = true; chooseCompany(one, true); }
  });
  const end = (event) => {
    if (!start) return;
    const moved = start.moved;
    start = null;
    if (moved) drop(event, (target) => change({ action: "plan", application: one.id, stand: target }));
    else if (event.type === "pointerup") chooseCompany(one);
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}
