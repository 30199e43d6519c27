/* What the parts of the planner share: the page's elements, its texts, what the server told last, what is chosen, and how the server is asked. */
const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const root = document.getElementById("planner");
export const settings = read("planner-settings");
export const texts = document.getElementById("planner-texts").dataset;

/* ``state`` is the server's; ``company`` {id, company} is to be placed, ``fits`` the answer for it; ``stand`` is the id of the one shown,
   ``under`` of the one that the pointer rests on; ``judged`` is what speaks for a company on its stand, by both ids. */
export const store = { state: read("planner-state"), mode: "state", company: null, fits: null, stand: null, under: null, isBusy: false, isDragging: false, judged: new Map() };

/* All of the page is drawn anew, or what was judged on one stand: main.js says how. */
export const page = { draw() {}, drawJudged() {} };

export const find = (selector) => root.querySelector(selector);
export const view = find("[data-view]");
export const svg = view.querySelector("svg");
export const standOf = (id) => store.state.stands.find((one) => one.id === id);
export const say = (text) => { find("[data-news]").textContent = text || ""; };
export const alarm = (text) => { const box = find("[data-alert]"); box.textContent = text || ""; box.hidden = !text; };
export const fill = (text, names) => text.replace(/%\((\w+)\)s/g, (whole, name) => names[name] ?? whole);

export function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key === "onclick") element.addEventListener("click", value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return element;
}

/* Rows are made anew with each change; who stands on a button of one stays on it. */
export function keepFocus(parent, rows) {
  const active = document.activeElement;
  const key = parent.contains(active) && ["data-application", "data-row", "data-act"].map((name) => [name, active.getAttribute(name)]).find(([, value]) => value);
  parent.replaceChildren(...rows);
  if (key) { const again = parent.querySelector(`[${key[0]}="${CSS.escape(key[1])}"]`); if (again) again.focus(); }
}

export async function ask(url, options) {
  try {
    const answer = await fetch(url, { credentials: "same-origin", ...options });
    if (answer.redirected && answer.url.includes("/login/")) { location.reload(); return null; }
    return answer;
  } catch {
    alarm(texts.lost);
    return null;
  }
}

export async function body(answer) { try { return await answer.json(); } catch { return { message: answer.status + " " + answer.statusText }; } }
