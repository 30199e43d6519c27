/* Pan and zoom: the view box is moved, the drawing stays. */
import { root, svg, view } from "./page.js";

const whole = svg.viewBox.baseVal;
const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
let box = { ...full };
const show = () => svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);

export function unitsPerPixel() {
  const size = view.getBoundingClientRect();
  return Math.max(box.width / size.width, box.height / size.height);
}

function pointAt(x, y) {
  const matrix = svg.getScreenCTM();
  return matrix ? new DOMPoint(x, y).matrixTransform(matrix.inverse()) : new DOMPoint(0, 0);
}

export function zoom(factor, x, y) {
  const size = view.getBoundingClientRect();
  const at = pointAt(x ?? size.left + size.width / 2, y ?? size.top + size.height / 2);
  const width = Math.min(full.width * 1.2, Math.max(full.width / 20, box.width * factor));
  const real = width / box.width;
  box = { x: at.x - (at.x - box.x) * real, y: at.y - (at.y - box.y) * real, width, height: box.height * real };
  show();
}

export function pan(dx, dy) {
  const limit = (value, start, length, size) => Math.max(start - size * 0.8, Math.min(start + length - size * 0.2, value));
  box.x = limit(box.x + dx, full.x, full.width, box.width);
  box.y = limit(box.y + dy, full.y, full.height, box.height);
  show();
}

export function fitAll() { box = { ...full }; show(); }

export function bringIntoView(group) {
  const shape = group.querySelector(".shape").getBBox();
  const isInside = shape.x >= box.x && shape.y >= box.y && shape.x + shape.width <= box.x + box.width && shape.y + shape.height <= box.y + box.height;
  if (isInside) return;
  box.x = shape.x + shape.width / 2 - box.width / 2;
  box.y = shape.y + shape.height / 2 - box.height / 2;
  show();
}

/* By so much of what is seen, in each direction. */
export const panByShare = (dx, dy) => pan(dx * box.width * 0.1, dy * box.height * 0.1);

view.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, event.clientX, event.clientY); }, { passive: false });
for (const button of root.querySelectorAll("[data-zoom]")) {
  button.addEventListener("click", () => (button.dataset.zoom === "fit" ? fitAll() : zoom(button.dataset.zoom === "in" ? 1 / 1.4 : 1.4)));
}
