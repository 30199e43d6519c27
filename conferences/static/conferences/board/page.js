/* What the parts of the board share: the page's elements, its texts, what the server told last, and how it is asked. */
const read = (id) => JSON.parse(document.getElementById(id).textContent);

export const root = document.getElementById("board");
export const settings = read("board-settings");
export const texts = document.getElementById("board-texts").dataset;
export const DAY = 24 * 60;

/* ``state`` is the server's; ``day`` the day that is shown; ``pending`` a place that somebody tries before taking it. */
export const store = { state: read("board-state"), tag: "", day: null, pending: null, onlyUnreleased: false };

export const find = (selector) => root.querySelector(selector);
export const sessionOf = (id) => store.state.sessions.find((one) => one.id === id);
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

/* Minutes from midnight as a clock shows them. */
export function clockText(minutes) {
  const within = ((minutes % DAY) + DAY) % DAY;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
}

/* Rows are made anew with each change; who stands on one of them, or on a button in it, stays there. */
export function keepFocus(parent, children) {
  const active = document.activeElement;
  const names = ["data-row", "data-session"];
  const key = parent.contains(active) && names.map((name) => [name, active.getAttribute(name)]).find(([, value]) => value);
  parent.replaceChildren(...children);
  if (!key) return;
  const again = parent.querySelector(`[${key[0]}="${CSS.escape(key[1])}"]`);
  if (again) again.focus({ preventScroll: true });
}

export async function ask(url, options) {
  try {
    const answer = await fetch(url, { credentials: "same-origin", ...options });
    if (answer.redirected && answer.url.includes("/login/")) { location.reload(); return null; }
    return answer;
  } catch (error) {
    if (error.name !== "AbortError") alarm(texts.lost);
    return null;
  }
}

export async function body(answer) {
  try { return await answer.json(); } catch { return { message: `${answer.status} ${answer.statusText}` }; }
}
