/* What every page of the desk that follows the server needs: elements, texts with names, and how the server is asked. */
export const read = (id) => JSON.parse(document.getElementById(id).textContent);
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

/* Rows are made anew with each change; who stands on one of them, or on a button in it, stays there. ``names`` are the attributes that tell which. */
export function keepFocusBy(names) {
  return (parent, rows) => {
    const active = document.activeElement;
    const key = parent.contains(active) && names.map((name) => [name, active.getAttribute(name)]).find(([, value]) => value);
    parent.replaceChildren(...rows);
    const again = key && parent.querySelector(`[${key[0]}="${CSS.escape(key[1])}"]`);
    if (again) again.focus({ preventScroll: true });
  };
}

/* The page whose element is ``name``, with its settings (``name``-settings) and texts (``name``-texts). */
export function livePage(name) {
  const root = document.getElementById(name);
  const texts = document.getElementById(`${name}-texts`).dataset;
  const find = (selector) => root.querySelector(selector);
  const say = (text) => { find("[data-news]").textContent = text || ""; };
  const alarm = (text) => { const box = find("[data-alert]"); box.textContent = text || ""; box.hidden = !text; };

  async function ask(url, options) {
    try {
      const answer = await fetch(url, { credentials: "same-origin", ...options });
      if (answer.redirected && answer.url.includes("/login/")) { location.reload(); return null; }
      return answer;
    } catch (error) {
      if (error.name !== "AbortError") alarm(texts.lost);
      return null;
    }
  }

  return { root, texts, find, say, alarm, ask, settings: read(`${name}-settings`) };
}

export async function body(answer) {
  try { return await answer.json(); } catch { return { message: `${answer.status} ${answer.statusText}` }; }
}
