/* The programme board. The server says what is where and whether a change is possible; the page asks anew every few seconds. */
import { alarm, ask, body, fill, find, root, say, sessionOf, settings, store, texts } from "./page.js";
import { cardOf, drawDays, drawTabs, reveal, showDay } from "./grid.js";
import { drawSide } from "./side.js";
import { drawDialog, openDialog } from "./dialog.js";
import { asChange, forget, isDragging, listen, placeOf } from "./moves.js";

const POLL_MS = 4000;
const own = new Map(); // places that this page changed itself, and what they became: no news to it
const done = []; // what this page changed, to be undone: { session, back, seen }
let isBusy = false;

/* While a card is being dragged nothing is made anew: the element that holds the pointer must stay. */
function draw() {
  if (isDragging()) return;
  if (!store.state.days.some((day) => day.date === store.day)) store.day = store.state.days[0].date;
  drawDays();
  drawTabs();
  drawSide(show);
  drawDialog();
  find("[data-unreleased]").textContent = store.state.unreleased;
  bar();
}

function bar() {
  const undo = find("[data-undo]");
  if (!undo) return;
  const last = done.at(-1);
  undo.disabled = !last || isBusy;
  undo.title = last ? fill(texts.undo, { what: last.title }) : texts.noUndo;
}

function show(session) {
  reveal(session);
  openDialog(session, change);
}

async function refresh(isPoll) {
  const answer = await ask(settings.urls.state, store.tag ? { headers: { "If-None-Match": store.tag } } : {});
  if (!answer) return;
  if (find("[data-alert]").textContent === texts.lost) alarm("");
  if (answer.status === 304 || !answer.ok) return;
  const before = JSON.stringify(store.state.sessions);
  store.tag = answer.headers.get("ETag") || "";
  store.state = await answer.json();
  forget();
  if (isPoll && before !== JSON.stringify(store.state.sessions)) say(store.state.latest || texts.changed);
  draw();
}

/* One after the other: a change while the last one is still under way waits for it. Answers whether it was done, and the words. */
let queue = Promise.resolve();
function change(asked, session) {
  const before = session ? { session: session.id, title: session.title, back: session.day ? placeOf(session) : null } : null;
  const turn = queue.then(() => take(asked, before));
  queue = turn.catch(() => null);
  return turn;
}

async function take(asked, before) {
  isBusy = true;
  alarm("");
  const keyOf = () => `${asked.session} ${asked.seen}`;
  while (own.has(keyOf()) && own.get(keyOf()) !== asked.seen) asked.seen = own.get(keyOf());
  const token = root.querySelector("input[name=csrfmiddlewaretoken]").value;
  const answer = await ask(settings.urls.change, { method: "POST", body: JSON.stringify(asked), headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
  let told = null;
  if (answer) {
    told = { ok: answer.ok, ...(await body(answer)) };
    if (answer.ok && before) done.push({ ...before, seen: told.token });
    if (answer.ok) { const was = keyOf(); own.delete(`${asked.session} ${told.token}`); own.set(was, told.token); }
  }
  isBusy = false;
  const focused = document.activeElement;
  await refresh(false);
  draw();
  if (told && told.ok) say(told.message);
  else if (told) alarm(told.message);
  if (focused && focused.matches(".board-card") && !focused.isConnected && document.activeElement === document.body) {
    const again = cardOf(asked.session) || find(`[data-row="waiting-${asked.session}"]`);
    if (again) again.focus({ preventScroll: true });
  }
  return told;
}

async function undo() {
  const last = done.pop();
  if (!last) return;
  await change(last.back ? asChange(last.back, last.seen) : { action: "take_off", session: last.session, seen: last.seen }, null);
}

listen({ change, open: (session) => openDialog(session, change), draw });
find("[data-tabs]").addEventListener("keydown", (event) => {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (!step) return;
  const dates = store.state.days.map((day) => day.date);
  const next = dates[(dates.indexOf(store.day) + step + dates.length) % dates.length];
  event.preventDefault();
  showDay(next);
  find(`[data-tab="${next}"]`).focus();
});
find("[data-search]").addEventListener("input", () => drawSide(show));
find("[data-all-box]").addEventListener("toggle", () => drawSide(show));
find("[data-only-unreleased]").addEventListener("change", (event) => { store.onlyUnreleased = event.target.checked; draw(); });
find("[data-print]").addEventListener("click", () => window.print());
if (find("[data-undo]")) {
  find("[data-undo]").addEventListener("click", undo);
  window.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.target.closest("input, select, textarea")) return;
    event.preventDefault();
    undo();
  });
}

draw();
const first = settings.first && sessionOf(settings.first);
if (first) show(first);
setInterval(() => { if (!document.hidden && !isBusy) refresh(true); }, POLL_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(true); });
root.dataset.ready = "true";
