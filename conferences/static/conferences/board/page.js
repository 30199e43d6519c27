/* What the parts of the board share: the page, and what the server told last. */
import { body, fill, keepFocusBy, livePage, make, read } from "../../desk/live.js";

export { body, fill, make };
export const { root, texts, find, say, alarm, ask, settings } = livePage("board");
export const DAY = 24 * 60;

/* ``state`` is the server's; ``day`` the day that is shown; ``pending`` a place that somebody tries before taking it. */
export const store = { state: read("board-state"), tag: "", day: null, pending: null, onlyUnreleased: false };

export const sessionOf = (id) => store.state.sessions.find((one) => one.id === id);
export const keepFocus = keepFocusBy(["data-row", "data-session"]);

/* Minutes from midnight as a clock shows them. */
export function clockText(minutes) {
  const within = ((minutes % DAY) + DAY) % DAY;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}
