/* The days: rooms across, time down, a card for each session. A day's frame stays while only its sessions change. */
import { DAY, clockText, find, keepFocus, make, root, settings, store, texts } from "./page.js";

const frames = new Map(); // day → { made, section, columns }
const USUAL = { from: 8 * 60, to: 20 * 60 };

export const dayOf = (date) => store.state.days.find((day) => day.date === date);
export const cardOf = (id) => root.querySelector(`.board-day:not(.is-away) .board-card[data-session="${id}"]`);

/* From which full hour to which a day is drawn: its opening hours with half an hour around, and all that is on it. */
export function rangeOf(day) {
  const spans = store.state.sessions.filter((one) => one.day === day.date).map((one) => [one.start, one.start + one.minutes]);
  const tried = store.pending;
  if (tried && tried.byKeys && tried.day === day.date) spans.push([tried.start, tried.start + tried.minutes]);
  const isOpen = day.opens !== null;
  const from = Math.min(isOpen ? day.opens - 30 : USUAL.from, ...spans.map((span) => span[0]));
  const to = Math.max(isOpen ? day.closes + 30 : USUAL.to, ...spans.map((span) => span[1]));
  return { from: Math.max(0, Math.floor(from / 60) * 60), to: Math.ceil(to / 60) * 60 };
}

/* Rooms as columns; one more for sessions that have a time and no room. */
export function columnsOf() {
  const homeless = store.state.sessions.some((one) => one.day && one.room === null) || Boolean(store.pending && store.pending.room === null);
  return homeless ? [...store.state.rooms, { id: null, name: texts.noRoom, facts: "" }] : store.state.rooms;
}

export function describe(session) {
  const marks = marksOf(session).map((mark) => mark.text);
  const where = session.place || texts.unplaced;
  const track = session.track ? `${texts.track}${texts.colon}${session.track}` : "";
  const people = session.people.length ? `${texts.people}${texts.colon}${session.people.join(", ")}` : "";
  const warnings = warningsOf(session.id).map((one) => one.text);
  return [`${session.code}${texts.colon}${session.title}`, where, ...warnings, marks.join(", "), people, track].filter(Boolean).join("\n");
}

export const warningsOf = (id) => store.state.warnings.filter((one) => one.sessions.includes(id));

export function marksOf(session) {
  const marks = [];
  if (session.cancelled) marks.push({ name: "is-cancelled", text: texts.cancelled });
  if (session.confidential) marks.push({ name: "is-confidential", text: texts.confidential });
  if (session.unreleased) marks.push({ name: "is-unreleased", text: texts.unreleased });
  return marks;
}

function frame(day, range, columns) {
  const grid = make("div", { class: "board-grid" });
  grid.style.setProperty("--rooms", columns.length);
  grid.style.setProperty("--length", range.to - range.from);
  grid.append(make("div", { class: "board-corner" }));
  for (const room of columns) grid.append(make("div", { class: "board-room" }, make("strong", {}, room.name), make("small", {}, room.facts)));
  const times = make("div", { class: "board-times", "aria-hidden": "true" });
  for (let at = range.from; at < range.to; at += 60) times.append(at_(make("span", {}, clockText(at)), at - range.from));
  grid.append(times);
  const cells = columns.map((room) => make("div", { class: "board-column", role: "group", "aria-label": room.name, "data-room": room.id ?? "" }));
  grid.append(...cells);
  const section = make("section", { class: "board-day", role: "tabpanel", id: `board-day-${day.date}`, "aria-label": day.title, "data-day": day.date });
  section.append(make("h2", {}, day.title), make("div", { class: "board-scroll" }, grid), make("p", { class: "board-foot" }, texts.foot));
  return { section, columns: cells };
}

function at_(element, top) { element.style.setProperty("--at", top); return element; }

function shade(day, range) {
  if (day.opens === null) return [];
  const closed = [[range.from, Math.min(day.opens, range.to)], [Math.max(day.closes, range.from), range.to]].filter(([from, to]) => to > from);
  return closed.map(([from, to]) => sized(make("div", { class: "board-closed", title: texts.closed }), from - range.from, to - from));
}

function sized(element, top, minutes) {
  element.style.setProperty("--at", top);
  element.style.setProperty("--minutes", minutes);
  return element;
}

function card(session, isTail) {
  const marks = marksOf(session);
  const names = ["board-card", session.minutes < 45 ? "is-short" : "", isTail ? "is-tail" : "", ...marks.map((mark) => mark.name)];
  if (store.onlyUnreleased && !session.unreleased) names.push("is-dim");
  const text = describe(session);
  const element = make("div", { class: names.filter(Boolean).join(" "), role: "button", tabindex: "0", "data-session": session.id, title: text, "aria-label": text.replaceAll("\n", "; ") });
  element.style.setProperty("--track", session.colour);
  element.append(make("span", { class: "board-time" }, make("span", {}, session.times), session.count ? make("span", {}, ` · ${session.count}`) : ""), make("span", { class: "board-title", dir: "auto" }, session.title));
  const warnings = warningsOf(session.id);
  const isHard = warnings.some((one) => one.hard);
  if (warnings.length) element.append(make("span", { class: `board-warned ${isHard ? "is-hard" : "is-soft"}` }, `${isHard ? "✕" : "!"} ${warnings.length}`));
  if (marks.length) element.append(make("span", { class: "board-marks" }, ...marks.map((mark) => make("span", { class: mark.name }, mark.text))));
  if (settings.mayEdit && !session.cancelled && !isTail) {
    element.append(make("span", { class: "board-grip", "data-grip": session.id, "aria-hidden": "true" }, "⠿"), make("span", { class: "board-resize", "aria-hidden": "true" }));
  }
  return element;
}

/* Sessions side by side where they overlap: those without a room, and cancelled ones. */
function lanes(parts) {
  const placed = [];
  let group = [];
  let until = -1;
  const close = () => { const count = Math.max(0, ...group.map((one) => one.lane)) + 1; for (const one of group) one.count = count; group = []; };
  for (const part of [...parts].sort((a, b) => a.from - b.from || a.session.id - b.session.id)) {
    if (part.from >= until) close();
    const taken = new Set(group.filter((one) => one.to > part.from).map((one) => one.lane));
    let lane = 0;
    while (taken.has(lane)) lane += 1;
    until = group.length ? Math.max(until, part.to) : part.to;
    const one = { ...part, lane, count: 1 };
    group.push(one);
    placed.push(one);
  }
  close();
  return placed;
}

function partsOn(day, range, room) {
  const found = [];
  for (const session of store.state.sessions) {
    if (session.room !== room || !session.day) continue;
    const shift = session.day === day.date ? 0 : nextDay(session.day) === day.date ? -DAY : null;
    if (shift === null) continue;
    const from = Math.max(session.start + shift, range.from);
    const to = Math.min(session.start + session.minutes + shift, range.to);
    if (to > from) found.push({ session, from, to, isTail: shift !== 0 });
  }
  return lanes(found);
}

function nextDay(date) {
  const next = new Date(`${date}T00:00:00Z`);
  next.setUTCDate(next.getUTCDate() + 1);
  return next.toISOString().slice(0, 10);
}

export function drawDays() {
  const box = find("[data-days]");
  const columns = columnsOf();
  const active = document.activeElement;
  const focused = active && active.matches(".board-card") ? active.dataset.session : null;
  for (const date of [...frames.keys()]) if (!dayOf(date)) { frames.get(date).section.remove(); frames.delete(date); }
  for (const day of store.state.days) {
    const range = rangeOf(day);
    const made = JSON.stringify([day, range, columns]);
    let known = frames.get(day.date);
    if (!known || known.made !== made) {
      const fresh = { made, ...frame(day, range, columns) };
      const old = known && known.section;
      const left = old ? old.querySelector(".board-scroll").scrollLeft : 0;
      const top = old ? old.querySelector(".board-scroll").scrollTop : 0;
      if (old) old.replaceWith(fresh.section); else box.append(fresh.section);
      fresh.section.querySelector(".board-scroll").scrollTo(left, top);
      frames.set(day.date, fresh);
      known = fresh;
    }
    known.section.classList.toggle("is-away", day.date !== store.day);
    known.columns.forEach((cell, index) => {
      const cards = partsOn(day, range, columns[index].id).map((part) => {
        const element = sized(card(part.session, part.isTail), part.from - range.from, part.to - part.from);
        element.style.setProperty("--lane", part.lane);
        element.style.setProperty("--lanes", part.count);
        return element;
      });
      cell.replaceChildren(...shade(day, range), ...cards);
    });
  }
  const again = focused && cardOf(focused);
  if (again) again.focus({ preventScroll: true });
  showDrop();
}

/* The place that somebody tries, in its column. */
export function showDrop() {
  for (const old of root.querySelectorAll(".board-drop")) old.remove();
  const tried = store.pending;
  const known = tried && frames.get(tried.day);
  const cell = known && known.columns[columnsOf().findIndex((room) => room.id === tried.room)];
  if (!cell) return;
  const range = rangeOf(dayOf(tried.day));
  const sign = tried.verdict ? { "is-hard": "✕", "is-soft": "!", "is-good": "✓" }[tried.verdict.name] : "…";
  const text = `${sign} ${clockText(tried.start)}–${clockText(tried.start + tried.minutes)}`;
  cell.append(sized(make("div", { class: `board-drop ${tried.verdict ? tried.verdict.name : ""}`, "aria-hidden": "true" }, make("span", {}, text)), tried.start - range.from, tried.minutes));
}

export function showDay(date) {
  store.day = date;
  for (const [key, known] of frames) known.section.classList.toggle("is-away", key !== date);
  drawTabs();
}

export function drawTabs() {
  const tabs = store.state.days.map((day) => {
    const isShown = day.date === store.day;
    const count = store.state.sessions.filter((one) => one.day === day.date && !one.cancelled).length;
    return make("button", {
      type: "button", role: "tab", class: "board-tab", "data-row": day.date, "data-tab": day.date, tabindex: isShown ? "0" : "-1",
      "aria-selected": String(isShown), "aria-controls": `board-day-${day.date}`, onclick: () => showDay(day.date),
    }, day.label, make("small", {}, String(count)));
  });
  keepFocus(find("[data-tabs]"), tabs);
}

/* Show a session's day and bring its card into view; returns the card. */
export function reveal(session) {
  if (session.day && session.day !== store.day) showDay(session.day);
  const element = cardOf(session.id);
  if (element) element.scrollIntoView({ block: "nearest", inline: "nearest" });
  return element;
}
