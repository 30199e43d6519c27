/* What the parts of the planner share: the page, what the server told last, and what is chosen. */
import { body, fill, keepFocusBy, livePage, make, read } from "../../desk/live.js";

export { body, fill, make };
export const { root, texts, find, say, alarm, ask, settings } = livePage("planner");

/* ``state`` is the server's; ``company`` {id, company} is to be placed, ``fits`` the answer for it; ``stand`` is the id of the one shown,
   ``under`` of the one that the pointer rests on; ``judged`` is what speaks for a company on its stand, by both ids. */
export const store = { state: read("planner-state"), mode: "state", company: null, fits: null, stand: null, under: null, isBusy: false, isDragging: false, judged: new Map() };

/* All of the page is drawn anew, or what was judged on one stand: main.js says how. */
export const page = { draw() {}, drawJudged() {} };

export const view = find("[data-view]");
export const svg = view.querySelector("svg");
export const standOf = (id) => store.state.stands.find((one) => one.id === id);
export const keepFocus = keepFocusBy(["data-application", "data-row", "data-act"]);
