/* One session: what there is to know of it. */
import { find, make, texts, sessionOf } from "./page.js";
import { cardOf, marksOf } from "./grid.js";

const box = find("[data-dialog]");
let shown = null; // id of the session

export function openDialog(session) {
  shown = session.id;
  drawDialog();
  if (!box.open) box.showModal();
}

export function drawDialog() {
  const session = shown && sessionOf(shown);
  if (!session) { box.close(); return; }
  const facts = [session.kind, session.track, ...marksOf(session).map((mark) => mark.text)];
  const parts = [
    make("h2", { id: "board-dialog-title" }, `${session.code}: ${session.title}`),
    make("p", {}, make("strong", {}, session.place || texts.unplaced)),
    make("p", {}, facts.filter(Boolean).join(" · ")),
  ];
  if (session.unreleased) parts.push(make("p", {}, session.released ? texts.wasReleased.replace("%(place)s", session.released) : texts.neverReleased));
  if (session.people.length) parts.push(make("p", {}, `${texts.people}: ${session.people.join(", ")}`));
  const actions = make("div", { class: "board-actions" });
  actions.append(make("a", { href: session.url }, texts.open), make("button", { type: "button", onclick: () => box.close() }, texts.close));
  parts.push(actions);
  box.replaceChildren(...parts);
}

box.addEventListener("close", () => {
  const card = shown && cardOf(shown);
  shown = null;
  if (card) card.focus({ preventScroll: true });
});
