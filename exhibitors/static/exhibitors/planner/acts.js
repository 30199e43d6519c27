/* What somebody chooses and does, and what the server is asked for it. */
import { alarm, ask, body, find, page, root, say, settings, standOf, store, texts } from "./page.js";
import { shapes } from "./drawing.js";

let tag = "";

export async function chooseCompany(one, isQuiet) {
  store.company = store.company && store.company.id === one.id && !isQuiet ? null : { id: one.id, company: one.company, url: one.url, placement: one.placement };
  store.fits = null;
  alarm("");
  if (store.company && !isQuiet) store.stand = null;
  page.draw();
  if (!store.company) return;
  const asked = store.company.id;
  const answer = await ask(settings.urls.fits + "?application=" + asked);
  if (!store.company || store.company.id !== asked) return;
  if (!answer) return;
  if (!answer.ok) { alarm((await body(answer)).message); return; }
  store.fits = await answer.json();
  page.draw();
  if (!isQuiet) { const box = find("[data-fits]"); box.setAttribute("tabindex", "-1"); box.focus({ preventScroll: true }); box.scrollIntoView({ block: "nearest" }); }
}

export function place(target) {
  if (!store.company) return; // pressed twice
  change(store.company.placement ? { action: "move", placement: store.company.placement, stand: target } : { action: "plan", application: store.company.id, stand: target });
}

export function choose(id) {
  store.stand = store.stand === id && !store.company ? null : id;
  page.draw();
  const group = shapes.get(id);
  if (group) for (const other of shapes.values()) other.setAttribute("tabindex", other === group ? "0" : "-1");
  if (store.stand) find("[data-detail]").scrollIntoView({ block: "nearest" });
  if (store.stand) judge(id);
}

/* How well the companies on a stand fit it: asked for when it is looked at. */
export async function judge(id) {
  for (const placement of standOf(id).placements) {
    const key = `${placement.application} ${id}`;
    if (!placement.application || store.judged.has(key)) continue;
    store.judged.set(key, []);
    const answer = await ask(settings.urls.fits + "?application=" + placement.application);
    if (!answer || !answer.ok) continue;
    const own = (await answer.json()).fits.find((one) => one.stand === id);
    if (!own) continue;
    store.judged.set(key, own.reasons);
    page.drawJudged(id);
  }
}

export async function refresh(isPoll) {
  const answer = await ask(settings.urls.state, tag ? { headers: { "If-None-Match": tag } } : {});
  if (!answer) return;
  if (find("[data-alert]").textContent === texts.lost) alarm("");
  if (answer.status === 304 || !answer.ok) return;
  const isFirst = !tag;
  tag = answer.headers.get("ETag") || "";
  const before = JSON.stringify([store.state.stands, store.state.unplaced]);
  store.state = await answer.json();
  if (store.isDragging) return; // drawn when it is dropped
  store.judged.clear();
  const isNews = before !== JSON.stringify([store.state.stands, store.state.unplaced]);
  if (isPoll && isNews && !isFirst && store.state.latest) say(store.state.latest);
  if (isNews && store.company && !store.isBusy) renewFits();
  page.draw();
  for (const id of new Set([store.stand, store.under])) if (id) judge(id);
}

async function renewFits() {
  const asked = store.company.id;
  const own = store.state.stands.flatMap((one) => one.placements).find((placement) => placement.application === asked && placement.state === "planned");
  store.company.placement = own ? own.id : undefined;
  const answer = await ask(settings.urls.fits + "?application=" + asked);
  if (answer && answer.ok && store.company && store.company.id === asked) { store.fits = await answer.json(); page.draw(); }
}

/* One after the other: a drop while the last one is still under way waits for it; the same asked twice is asked once. */
let queue = Promise.resolve();
const waiting = new Set();
export function change(asked) {
  const key = JSON.stringify(asked);
  if (waiting.has(key)) return;
  waiting.add(key);
  queue = queue.then(() => take(asked)).finally(() => waiting.delete(key));
}

async function take(asked) {
  store.isBusy = true;
  alarm("");
  const side = find(".planner-side");
  const wasInSide = side.contains(document.activeElement);
  const token = root.querySelector("input[name=csrfmiddlewaretoken]").value;
  const answer = await ask(settings.urls.change, { method: "POST", body: JSON.stringify(asked), headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
  if (answer) {
    const told = await body(answer);
    if (answer.ok) {
      say(told.message);
      if (["plan", "move"].includes(asked.action)) { store.stand = null; store.company = null; store.fits = null; }
    } else alarm(told.message);
  }
  store.isBusy = false;
  await refresh(false);
  page.draw();
  // The button that was pressed is gone: who works by keyboard goes on with the list.
  const first = find("[data-unplaced] [data-application]") || find("[data-search]");
  if (wasInSide && !side.contains(document.activeElement)) first.focus({ preventScroll: true });
}
