/* The programme board. The server says what is where and whether a change is possible; the page asks anew every few seconds. */
import { alarm, ask, find, root, say, sessionOf, settings, store, texts } from "./page.js";
import { drawDays, drawTabs, reveal, showDay } from "./grid.js";
import { drawSide } from "./side.js";
import { openDialog } from "./dialog.js";

const POLL_MS = 4000;

function draw() {
  if (!store.state.days.some((day) => day.date === store.day)) store.day = store.state.days[0].date;
  drawDays();
  drawTabs();
  drawSide(show);
  find("[data-unreleased]").textContent = store.state.unreleased;
}

function show(session) {
  reveal(session);
  openDialog(session);
}

async function refresh(isPoll) {
  const answer = await ask(settings.urls.state, store.tag ? { headers: { "If-None-Match": store.tag } } : {});
  if (!answer) return;
  if (find("[data-alert]").textContent === texts.lost) alarm("");
  if (answer.status === 304 || !answer.ok) return;
  const isFirst = !store.tag;
  store.tag = answer.headers.get("ETag") || "";
  store.state = await answer.json();
  if (isPoll && !isFirst) say(texts.news);
  draw();
}

find("[data-days]").addEventListener("click", (event) => {
  const card = event.target.closest(".board-card");
  if (card) openDialog(sessionOf(Number(card.dataset.session)));
});
find("[data-days]").addEventListener("keydown", (event) => {
  const card = event.target.closest(".board-card");
  if (!card || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  openDialog(sessionOf(Number(card.dataset.session)));
});
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

draw();
const first = settings.first && sessionOf(settings.first);
if (first) show(first);
setInterval(() => { if (!document.hidden) refresh(true); }, POLL_MS);
document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(true); });
root.dataset.ready = "true";
