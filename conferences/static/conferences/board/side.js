/* Beside the days: sessions without a time, warnings, and all sessions as a list. */
import { find, fill, keepFocus, make, sessionOf, settings, store, texts } from "./page.js";
import { describe, marksOf } from "./grid.js";

export function matches(session) {
  const asked = find("[data-search]").value.trim().toLocaleLowerCase();
  const words = [session.code, session.title, session.kind, session.track, ...session.people].join(" ").toLocaleLowerCase();
  return asked.split(/\s+/).every((word) => words.includes(word));
}

export function drawSide(open) {
  const waiting = store.state.sessions.filter((one) => !one.day && !one.cancelled);
  const found = waiting.filter(matches);
  find("[data-count]").textContent = found.length === waiting.length ? String(waiting.length) : `${found.length} / ${waiting.length}`;
  const empty = make("li", {}, waiting.length ? texts.noMatch : texts.none);
  keepFocus(find("[data-unplaced]"), found.length ? found.map((one) => row(one, open, "waiting")) : [empty]);
  drawWarnings(open);
  if (!find("[data-all-box]").open) return;
  const all = store.state.sessions.filter(matches);
  keepFocus(find("[data-all]"), all.length ? all.map((one) => row(one, open, "all")) : [make("li", {}, texts.noMatch)]);
}

function row(session, open, list) {
  const name = make("button", { type: "button", class: "board-name", "data-row": `${list}-${session.id}`, title: describe(session), onclick: () => open(session) }, session.title);
  const facts = [session.code, session.place || fill(texts.minutes, { count: session.minutes }), session.kind, ...marksOf(session).map((mark) => mark.text)];
  const isDraggable = list === "waiting" && settings.mayEdit;
  const grip = isDraggable ? make("span", { class: "board-grip", "aria-hidden": "true", "data-grip": session.id }, "⠿") : "";
  const item = make("li", { "data-item": session.id }, grip, make("div", { class: "board-words" }, name, make("small", {}, facts.filter(Boolean).join(" · "))));
  item.style.setProperty("--track", session.colour);
  return item;
}

function drawWarnings(open) {
  const { warnings } = store.state;
  find("[data-warned]").textContent = warnings.length;
  const rows = warnings.map((one, index) => {
    const links = one.sessions.map(sessionOf).filter(Boolean).map((session) => make("button", { type: "button", class: "board-name", "data-row": `warned-${index}-${session.id}`, title: describe(session), onclick: () => open(session) }, session.code));
    const last = one.place && settings.mayEdit && sessionOf(one.sessions.at(-1));
    if (last) links.push(make("button", { type: "button", class: "board-name", "data-row": `propose-${index}-${last.id}`, onclick: () => open(last) }, texts.propose));
    return make("li", { class: one.hard ? "is-hard" : "is-soft" }, make("div", { class: "board-words" }, one.text, make("span", { class: "board-links" }, ...links)));
  });
  keepFocus(find("[data-warnings]"), rows.length ? rows : [make("li", {}, texts.noWarning)]);
}
