/* Trying a place before taking it: with the pointer, or with the arrow keys on a card. What would stand against it the server says. */
import { ask, body, clockText, find, make, root, sessionOf, settings, store, texts } from "./page.js";
import { cardOf, columnsOf, dayOf, drawDays, rangeOf, showDay, showDrop } from "./grid.js";

const STEP = 15;
const answers = new Map(); // what the server said of a place, until the programme changes
let asked = null; // the question that is under way
let timer = 0;
let drag = null;
let ghost = null;
let dropped = false; // the click after a drop opens nothing

export const isDragging = () => Boolean(ghost);
export const forget = () => answers.clear();
const keyOf = (place) => [place.id, place.room, place.day, place.start, place.minutes].join("|");

/* The date and the time on the clock; a place past midnight is one of the next day. */
export function startsText(day, start) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCMinutes(start);
  return date.toISOString().slice(0, 16);
}

export const placeOf = (session) => ({ id: session.id, room: session.room, day: session.day, start: session.start, minutes: session.minutes });
export const asChange = (place, seen) => ({ action: "place", session: place.id, room: place.room ?? "", starts: startsText(place.day, place.start), minutes: place.minutes, seen });

export async function verdictOf(place, signal) {
  const key = keyOf(place);
  if (answers.has(key)) return answers.get(key);
  const query = new URLSearchParams({ session: place.id, room: place.room ?? "", starts: startsText(place.day, place.start), minutes: place.minutes });
  const answer = await ask(`${settings.urls.check}?${query}`, { signal });
  if (!answer || !answer.ok) return null;
  const { warnings } = await body(answer);
  const verdict = { name: warnings.some((one) => one.hard) ? "is-hard" : warnings.length ? "is-soft" : "is-good", warnings };
  answers.set(key, verdict);
  return verdict;
}

/* What there is to say of a place, as a list. */
export function reasonsOf(verdict) {
  const rows = verdict.warnings.length ? verdict.warnings.map((one) => [one.hard ? "is-hard" : "is-soft", one.text]) : [["is-good", texts.isFree]];
  return make("ul", { class: "board-reasons" }, ...rows.map(([name, text]) => make("li", { class: name }, text)));
}

function tryPlace(place) {
  if (place && store.pending && keyOf(place) === keyOf(store.pending)) return;
  store.pending = place;
  if (asked) asked.abort();
  clearTimeout(timer);
  if (place) {
    place.verdict = answers.get(keyOf(place)) || null;
    if (!place.verdict) timer = setTimeout(() => judge(place), 80);
  }
  tell();
}

async function judge(place) {
  asked = new AbortController();
  const verdict = await verdictOf(place, asked.signal);
  if (!verdict || store.pending !== place) return;
  place.verdict = verdict;
  tell();
}

function tell() {
  const place = store.pending;
  showDrop();
  const box = find("[data-verdict]");
  box.className = `board-verdict ${place && place.verdict ? place.verdict.name : ""}`;
  if (!place) { box.replaceChildren(); return; }
  const room = columnsOf().find((one) => one.id === place.room);
  const where = `${dayOf(place.day).label}, ${clockText(place.start)}–${clockText(place.start + place.minutes)}, ${room ? room.name : texts.noRoom}`;
  const why = place.verdict ? reasonsOf(place.verdict) : make("span", {}, texts.checking);
  box.replaceChildren(make("strong", {}, where), why, place.byKeys ? make("small", {}, texts.keysHint) : "");
}

export function cancelTry() {
  const wasByKeys = store.pending && store.pending.byKeys;
  tryPlace(null);
  if (wasByKeys) drawDays();
}

/* --- the pointer: a card is moved by itself or its grip, made longer at its lower edge, a waiting session by its grip --------- */
function beginDrag(event) {
  dropped = false;
  if (event.button !== 0 || !settings.mayEdit || drag) return;
  if (store.pending) cancelTry();
  const item = event.target.closest("[data-grip]");
  const handle = event.target.closest(".board-resize");
  const card = event.target.closest(".board-card:not(.is-tail)");
  if (!item && !handle && !(card && event.pointerType === "mouse")) return;
  const session = sessionOf(Number(item ? item.dataset.grip : card.dataset.session));
  if (!session || session.cancelled) return;
  const column = card && card.closest(".board-column");
  const held = column ? minuteAt(column, event.clientY) - session.start : 0;
  drag = { session, pointer: event.pointerId, x: event.clientX, y: event.clientY, column: handle ? column : null, held };
}

function minuteAt(column, y) {
  const box = column.getBoundingClientRect();
  const range = rangeOf(dayOf(column.closest(".board-day").dataset.day));
  return range.from + ((y - box.top) / box.height) * (range.to - range.from);
}

const snapped = (minutes) => Math.round(minutes / STEP) * STEP;

function dragOn(event) {
  if (!drag || event.pointerId !== drag.pointer) return;
  if (!ghost) {
    if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
    ghost = make("div", { class: "board-ghost", "aria-hidden": "true" }, drag.session.title);
    root.append(ghost);
    root.classList.add("is-dragging");
    const card = cardOf(drag.session.id);
    if (card) card.classList.add("is-moving");
    requestAnimationFrame(scrollAtEdges);
  }
  drag.at = event;
  ghost.style.transform = `translate(${event.clientX + 12}px, ${event.clientY + 12}px)`;
  if (drag.column) return lengthen(event);
  const under = document.elementFromPoint(event.clientX, event.clientY);
  const tab = under && under.closest("[data-tab]");
  if (tab && tab.dataset.tab !== store.day) showDay(tab.dataset.tab);
  const column = under && under.closest(".board-column");
  drag.isOff = Boolean(under && under.closest("[data-unplaced-box]"));
  find("[data-unplaced-box]").classList.toggle("is-target", drag.isOff && Boolean(drag.session.day));
  if (!column) { tryPlace(null); return; }
  const { session } = drag;
  const start = Math.max(0, snapped(minuteAt(column, event.clientY) - drag.held));
  tryPlace({ id: session.id, room: roomOf(column), day: store.day, start, minutes: session.minutes });
}

const roomOf = (column) => (column.dataset.room ? Number(column.dataset.room) : null);

function lengthen(event) {
  const { session } = drag;
  const end = snapped(minuteAt(drag.column, event.clientY));
  tryPlace({ ...placeOf(session), minutes: Math.min(24 * 60, Math.max(STEP - (session.start % STEP), end - session.start)) });
}

function scrollAtEdges() {
  if (!ghost) return;
  const box = find(".board-day:not(.is-away) .board-scroll");
  const { left, right, top, bottom } = box.getBoundingClientRect();
  const { clientX: x, clientY: y } = drag.at;
  const near = (at, from, to) => (at > from && at < from + 32 ? -8 : at < to && at > to - 32 ? 8 : 0);
  if (x > left && x < right && y > top && y < bottom) box.scrollBy(drag.column ? 0 : near(x, left + 54, right), near(y, top + 40, Math.min(bottom, innerHeight)));
  requestAnimationFrame(scrollAtEdges);
}

function endDrag(event, change, draw) {
  if (!drag || event.pointerId !== drag.pointer) return;
  const { session, isOff } = drag;
  const place = event.type === "pointerup" ? store.pending : null;
  const isMoved = Boolean(ghost);
  stopDrag();
  if (!isMoved) return;
  dropped = true;
  draw();
  if (event.type !== "pointerup") return;
  if (isOff && session.day) change({ action: "take_off", session: session.id, seen: session.token }, session);
  else if (place && keyOf(place) !== keyOf(placeOf(session))) change(asChange(place, session.token), session);
}

function stopDrag() {
  if (ghost) ghost.remove();
  drag = ghost = null;
  root.classList.remove("is-dragging");
  find("[data-unplaced-box]").classList.remove("is-target");
  tryPlace(null);
}

/* --- the keys on a card: arrows try another place, Enter takes it, Escape leaves it ------------------------------------------ */
function tryByKeys(session, event) {
  const rooms = columnsOf();
  const from = store.pending && store.pending.id === session.id ? store.pending : placeOf(session);
  const place = { ...from, byKeys: true, verdict: null };
  const down = event.key === "ArrowDown";
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    const at = rooms.findIndex((room) => room.id === from.room) + (event.key === "ArrowRight" ? 1 : -1);
    if (!rooms[at]) return;
    place.room = rooms[at].id;
  } else if (event.shiftKey) {
    const end = next(from.start + from.minutes, down);
    place.minutes = Math.min(24 * 60, Math.max(STEP, end - from.start));
  } else place.start = Math.min(24 * 60 - STEP, Math.max(0, next(from.start, down)));
  tryPlace(place);
  drawDays();
  const drop = find(".board-drop");
  if (drop) drop.scrollIntoView({ block: "nearest", inline: "nearest" });
}

const next = (minutes, down) => (down ? Math.floor(minutes / STEP) + 1 : Math.ceil(minutes / STEP) - 1) * STEP;

function onKey(event, { change, open }) {
  const card = event.target.closest(".board-card");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  const session = sessionOf(Number(card.dataset.session));
  const mayMove = settings.mayEdit && !session.cancelled;
  const tried = store.pending && store.pending.id === session.id ? store.pending : null;
  if (event.key.startsWith("Arrow")) { if (!mayMove) return; tryByKeys(session, event); }
  else if (event.key === "Enter" && tried) {
    tryPlace(null);
    if (keyOf(tried) === keyOf(placeOf(session))) drawDays();
    else change(asChange(tried, session.token), session);
  } else if (event.key === "Enter" || event.key === " ") { cancelTry(); open(session); }
  else if (event.key === "Escape" && tried) cancelTry();
  else if ((event.key === "Delete" || event.key === "Backspace") && mayMove) { cancelTry(); change({ action: "take_off", session: session.id, seen: session.token }, session); }
  else return;
  event.preventDefault();
}

export function listen({ change, open, draw }) {
  root.addEventListener("pointerdown", beginDrag);
  window.addEventListener("pointermove", dragOn);
  window.addEventListener("pointerup", (event) => endDrag(event, change, draw));
  window.addEventListener("pointercancel", (event) => endDrag(event, change, draw));
  window.addEventListener("keydown", (event) => { if (event.key === "Escape" && ghost) { stopDrag(); dropped = true; draw(); } });
  find("[data-days]").addEventListener("keydown", (event) => onKey(event, { change, open }));
  find("[data-days]").addEventListener("click", (event) => {
    const card = event.target.closest(".board-card");
    if (card && !dropped) open(sessionOf(Number(card.dataset.session)));
  });
}
