/* One session: what there is to know of it, where else it could be, and a form that does all that dragging does. */
import { ask, body, clockText, fill, find, make, sessionOf, settings, store, texts } from "./page.js";
import { cardOf, marksOf, warningsOf } from "./grid.js";
import { asChange, reasonsOf, verdictOf } from "./moves.js";

const box = find("[data-dialog]");
let shown = null; // id of the session
let form = null;
let change = null;

export function openDialog(session, how) {
  shown = session.id;
  change = how;
  const mayMove = settings.mayEdit && !session.cancelled;
  form = mayMove ? placeForm(session) : null;
  const free = make("section", { "data-free": "" });
  box.replaceChildren(make("div", { "data-head": "" }), make("p", { class: "board-alert", role: "alert", hidden: true }), form || "", mayMove && settings.urls.free ? free : "", actionsOf(session, mayMove));
  drawDialog();
  if (!box.open) box.showModal();
  if (mayMove && settings.urls.free) offer(session, free);
}

/* What may have changed since it was opened; the form keeps what somebody wrote. */
export function drawDialog() {
  const session = shown && sessionOf(shown);
  if (!session) { if (box.open) box.close(); return; }
  const facts = [session.kind, session.track, session.count, ...marksOf(session).map((mark) => mark.text)];
  const parts = [
    make("h2", { id: "board-dialog-title" }, `${session.code}${texts.colon}${session.title}`),
    make("p", {}, make("strong", {}, session.place || texts.unplaced), ` · ${facts.filter(Boolean).join(" · ")}`),
  ];
  if (session.unreleased) parts.push(make("p", {}, session.released ? fill(texts.wasReleased, { place: session.released }) : texts.neverReleased));
  if (session.people.length) parts.push(make("p", {}, `${texts.people}${texts.colon}${session.people.join(", ")}`));
  const warnings = warningsOf(session.id);
  if (warnings.length) parts.push(make("ul", { class: "board-reasons" }, ...warnings.map((one) => make("li", { class: one.hard ? "is-hard" : "is-soft" }, one.text))));
  box.querySelector("[data-head]").replaceChildren(...parts);
}

function actionsOf(session, mayMove) {
  const actions = make("div", { class: "board-actions" });
  if (mayMove && session.day) actions.append(make("button", { type: "button", "data-off": "", onclick: () => send({ action: "take_off", session: shown, seen: sessionOf(shown).token }) }, texts.takeOff));
  actions.append(make("a", { href: session.url }, texts.open), make("button", { type: "button", onclick: () => box.close() }, texts.close));
  return actions;
}

function placeForm(session) {
  const made = document.getElementById("board-form").content.cloneNode(true).firstElementChild;
  const { day, time, minutes, room } = made.elements;
  day.append(...store.state.days.map((one) => make("option", { value: one.date }, one.label)));
  room.append(...store.state.rooms.map((one) => make("option", { value: one.id }, one.name)), make("option", { value: "" }, texts.noRoom));
  day.value = session.day || store.day;
  time.value = session.day ? clockText(session.start) : "";
  minutes.value = session.minutes;
  if (session.room !== null || session.day) room.value = session.room ?? "";
  made.addEventListener("input", () => judge(made));
  made.addEventListener("submit", (event) => {
    event.preventDefault();
    send(asChange(written(made), sessionOf(shown).token));
  });
  return made;
}

function written(made) {
  const { day, time, minutes, room } = made.elements;
  const [hours, rest] = time.value.split(":").map(Number);
  return { id: shown, room: room.value ? Number(room.value) : null, day: day.value, start: hours * 60 + rest, minutes: Number(minutes.value) };
}

async function judge(made) {
  const out = made.querySelector("[data-form-verdict]");
  if (!made.checkValidity()) { out.replaceChildren(); return; }
  const place = written(made);
  const verdict = await verdictOf(place);
  if (!verdict || made !== form || JSON.stringify(written(made)) !== JSON.stringify(place)) return;
  out.replaceChildren(reasonsOf(verdict));
}

async function send(asked) {
  const told = await change(asked, sessionOf(shown));
  if (!told) return;
  if (told.ok) { box.close(); return; }
  const alert = box.querySelector("[role=alert]");
  alert.textContent = told.message;
  alert.hidden = false;
}

/* The best free places, each taken by one press. */
async function offer(session, section) {
  const answer = await ask(`${settings.urls.free}?session=${session.id}`);
  if (!answer || !answer.ok || shown !== session.id) return;
  const { places } = await body(answer);
  const rows = places.map((place) => {
    const take = make("button", { type: "button", "data-take": "", "aria-label": `${texts.take}${texts.colon}${place.text}`, onclick: () => send({ action: "place", session: shown, room: place.room ?? "", starts: place.starts, minutes: place.minutes, seen: sessionOf(shown).token }) }, texts.take);
    return make("li", {}, make("div", { class: "board-words" }, place.text, make("ul", { class: "board-reasons" }, ...place.reasons.map((one) => make("li", { class: "is-soft" }, one)))), take);
  });
  section.replaceChildren(make("h3", {}, texts.free), rows.length ? make("ul", { class: "board-list" }, ...rows) : make("p", {}, texts.noneFree));
}

box.addEventListener("close", () => {
  const again = shown && (cardOf(shown) || find(`[data-row="waiting-${shown}"]`));
  shown = form = null;
  if (again) again.focus({ preventScroll: true });
});
