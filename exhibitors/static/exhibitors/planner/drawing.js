/* The drawing: what is where, and in which colour; and the names on it. */
import { find, make, store, svg } from "./page.js";

/* The group of a stand in the drawing, by its id. */
export const shapes = new Map([...svg.querySelectorAll(".stand")].map((group) => [Number(group.dataset.stand), group]));

function describe(one) {
  const who = one.placements.flatMap((placement) => [
    [placement.company, placement.state_text, placement.days, placement.wishes].filter(Boolean).join(", "),
    ...(store.judged.get(`${placement.application} ${one.id}`) || []).map((reason) => (reason.weight === "good" ? "+ " : "– ") + reason.text),
  ]);
  return [one.number + ", " + one.facts, ...who, one.hold && one.hold.text, one.blocked].filter(Boolean).join("\n");
}

export function label(one) {
  const group = one && shapes.get(one.id);
  if (!group) return;
  group.querySelector("title").textContent = describe(one);
  group.setAttribute("aria-label", describe(one).replaceAll("\n", "; "));
}

export function paint() {
  const fills = new Map(store.state.legend[store.mode].map((key) => [key.key, key.fill]));
  const suiting = new Set(store.fits ? store.fits.fits.filter((one) => one.suitable).map((one) => one.stand) : []);
  const open = new Set(store.fits ? store.fits.fits.map((one) => one.stand) : []);
  for (const one of store.state.stands) {
    const group = shapes.get(one.id);
    if (!group) continue;
    group.querySelector(".shape").setAttribute("fill", fills.get(one.keys[store.mode]) || "#ffffff");
    label(one);
    group.classList.toggle("is-chosen", one.id === store.stand);
    group.classList.toggle("is-fitting", suiting.has(one.id));
    group.classList.toggle("is-dim", Boolean(store.fits) && !open.has(one.id));
    write(group, one);
  }
  const legend = find("[data-legend]");
  legend.replaceChildren(...store.state.legend[store.mode].map((key) => {
    const swatch = make("span", { "aria-hidden": "true" });
    swatch.style.backgroundColor = key.fill;
    swatch.classList.toggle("is-hatched", key.key === "blocked");
    return make("li", {}, swatch, key.label);
  }));
}

/* The server fits names into stands when the page is loaded; what changes since is fitted here, as much of it as there is room for. */
function write(group, one) {
  const names = one.placements.map((placement) => placement.company).join(" / ");
  const text = group.querySelector("text");
  const [number, ...lines] = text.querySelectorAll("tspan");
  if (group.dataset.names === undefined) {
    group.dataset.names = names;
    group.dataset.middle = middleOf(text, number, lines);
    group.dataset.size = sizeOf(number);
  }
  if (group.dataset.names === names) return;
  group.dataset.names = names;
  lines.forEach((line) => line.remove());
  const box = group.querySelector(".shape").getBBox();
  const [width, height] = text.hasAttribute("transform") ? [box.height, box.width] : [box.width, box.height];
  const middle = Number(group.dataset.middle);
  const large = names ? Math.min(Number(group.dataset.size), height * 0.34) : Number(group.dataset.size);
  const small = Math.min(5, large * 0.6);
  const room = names ? Math.min(3, Math.floor((height * 0.94 - large * 1.15) / (small * 1.15))) : 0;
  const written = room > 0 ? breakLines(names, Math.max(2, Math.floor((width * 0.92) / (small * 0.62))), room) : [];
  let y = written.length ? middle - ((large + written.length * small) * 1.15) / 2 + large * 0.95 : middle + large * 0.36;
  number.setAttribute("y", y.toFixed(2));
  number.setAttribute("font-size", large.toFixed(2));
  y += large * 0.2;
  for (const line of written) {
    const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
    span.setAttribute("x", number.getAttribute("x"));
    span.setAttribute("y", (y + small * 0.95).toFixed(2));
    span.setAttribute("font-size", small.toFixed(2));
    span.textContent = line;
    text.append(span);
    y += small * 1.15;
  }
}

const sizeOf = (line) => Number(line.getAttribute("font-size"));

/* Where the middle of a label is, before anything is written anew: by the rules of fairs/floor_labels.py. */
function middleOf(text, number, lines) {
  const turned = /rotate\(-90 [\d.-]+ ([\d.-]+)\)/.exec(text.getAttribute("transform") || "");
  if (turned) return Number(turned[1]);
  const y = Number(number.getAttribute("y")), size = sizeOf(number);
  const total = size * 1.15 + lines.reduce((sum, line) => sum + sizeOf(line) * 1.15, 0);
  return lines.length ? y - size * 0.95 + total / 2 : y - size * 0.36;
}

function breakLines(text, most, count) {
  const lines = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && (line + " " + word).length > most) { lines.push(line); line = word; } else line = line ? line + " " + word : word;
  }
  lines.push(line);
  const shown = lines.slice(0, count).map((one) => (one.length > most ? one.slice(0, most - 1) + "…" : one));
  if (lines.length > count) shown[count - 1] = shown[count - 1].slice(0, most - 1).replace(/…$/, "") + "…";
  return shown;
}
