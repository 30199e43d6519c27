/* The side: who has no stand, what fits, one stand, all stands; and the bar above. */
import { fill, find, keepFocus, make, settings, standOf, store, texts } from "./page.js";
import { change, choose, chooseCompany, place } from "./acts.js";
import { draggable } from "./drag.js";
import { shapes } from "./drawing.js";
import { bringIntoView } from "./view.js";

export function drawList() {
  const asked = find("[data-search]").value.trim().toLocaleLowerCase();
  const found = store.state.unplaced.filter((one) => !asked || asked.split(/\s+/).every((word) => (one.search + " " + one.marks + " " + one.wishes).toLocaleLowerCase().includes(word)));
  find("[data-count]").textContent = asked ? `${found.length} / ${store.state.unplaced.length}` : String(found.length);
  const rows = found.map((one) => {
    const grip = make("button", { type: "button", class: "planner-grip", tabindex: "-1", "aria-hidden": "true", "data-grip": one.id }, "⠿");
    draggable(grip, one);
    const name = make("button", { type: "button", class: "planner-name", "data-application": one.id, onclick: () => chooseCompany(one) }, one.company);
    const words = make("div", { class: "planner-words" }, name, make("small", {}, one.marks), make("small", {}, one.wishes));
    return make("li", { class: store.company && store.company.id === one.id ? "is-chosen" : "" }, settings.mayPlace ? grip : "", words);
  });
  const empty = make("li", {}, store.state.unplaced.length ? texts.noMatch : texts.none);
  keepFocus(find("[data-unplaced]"), rows.length ? rows : [empty]);
}

export function drawFits() {
  const box = find("[data-fits]");
  box.hidden = !store.company || !store.fits;
  if (box.hidden) { box.replaceChildren(); return; }
  const rows = store.fits.fits.map((one) => {
    const there = standOf(one.stand);
    const isOwn = there && there.placements.some((placement) => placement.application === store.company.id);
    const mark = isOwn ? texts.here : one.suitable ? "" : texts.must;
    const reasons = make("ul", { class: "planner-reasons" }, ...one.reasons.map((reason) => make("li", { class: reason.weight }, reason.text)));
    const show = make("button", { type: "button", class: "planner-name", "data-row": "show" + one.stand, onclick: () => { choose(one.stand); bringIntoView(shapes.get(one.stand)); } }, one.number);
    const act = settings.mayPlace && !isOwn
      ? make("button", { type: "button", "data-row": "plan" + one.stand, "data-plan-on": one.number, "aria-label": `${texts.plan}${texts.colon}${store.company.company}, ${one.number}`, onclick: () => place(one.stand) }, texts.plan)
      : "";
    return make("li", {}, make("div", { class: "planner-words" }, show, mark ? make("small", {}, mark) : "", reasons), act);
  });
  const title = fill(texts.fits, { company: store.company.company });
  keepFocus(box, [make("h2", {}, title), rows.length ? make("ul", { class: "planner-list" }, ...rows) : make("p", {}, texts.nothingFits)]);
}

export function drawDetail() {
  const box = find("[data-detail]");
  const one = store.stand && standOf(store.stand);
  box.hidden = !one;
  if (!one) { box.replaceChildren(); return; }
  const old = box.querySelector("[data-hold]");
  if (old && old.contains(document.activeElement) && box.dataset.stand === String(store.stand)) return; // somebody is typing
  box.dataset.stand = String(store.stand);
  const parts = [make("h2", {}, one.number), make("small", {}, one.facts)];
  if (one.blocked) parts.push(make("p", {}, one.blocked));
  for (const placement of one.placements) parts.push(placementBox(one, placement));
  if (!one.placements.length && !one.blocked) parts.push(make("p", {}, one.hold ? one.hold.text : texts.free));
  else if (one.hold) parts.push(make("p", {}, one.hold.text));
  const actions = make("div", { class: "planner-actions" });
  const isFree = !one.blocked && !one.placements.length;
  if (settings.mayPlace && store.company && isFree) actions.append(make("button", { type: "button", "data-act": "plan-here", onclick: () => place(one.id) }, `${texts.planHere}${texts.colon}${store.company.company}`));
  else if (settings.mayPlace && isFree && !one.hold) parts.push(make("p", {}, texts.chooseCompany));
  if (settings.mayPlace && one.hold) actions.append(make("button", { type: "button", "data-act": "release", onclick: () => change({ action: "release", stand: one.id }) }, texts.release));
  actions.append(make("a", { href: one.url }, texts.standPage));
  parts.push(actions);
  if (settings.mayPlace && isFree) parts.push(holdForm(one));
  keepFocus(box, parts);
}

function placementBox(one, placement) {
  const lines = [make("strong", {}, placement.company), make("small", {}, [placement.state_text, placement.days].join(" · "))];
  if (placement.wishes) lines.push(make("small", {}, placement.wishes));
  if (placement.answer_by) lines.push(make("small", {}, `${texts.answerBy}${texts.colon}${placement.answer_by}`));
  const reasons = store.judged.get(`${placement.application} ${one.id}`) || [];
  if (reasons.length) lines.push(make("ul", { class: "planner-reasons" }, ...reasons.map((reason) => make("li", { class: reason.weight }, reason.text))));
  const actions = make("div", { class: "planner-actions" });
  if (settings.mayPlace && placement.state === "planned" && placement.application) {
    actions.append(make("button", { type: "button", "data-act": "off" + placement.id, onclick: () => change({ action: "unplan", placement: placement.id }) }, texts.off));
    actions.append(make("button", { type: "button", "data-act": "else" + placement.id, onclick: () => chooseCompany({ id: placement.application, company: placement.company, url: placement.url, placement: placement.id }) }, texts.elsewhere));
  } else if (placement.application) {
    actions.append(make("button", { type: "button", "data-act": "fit" + placement.id, onclick: () => chooseCompany({ id: placement.application, company: placement.company, url: placement.url }) }, fill(texts.fits, { company: placement.company })));
  }
  if (placement.url) actions.append(make("a", { href: placement.url }, texts.open));
  return make("div", {}, ...lines, actions);
}

function holdForm(one) {
  const form = document.getElementById("planner-hold").content.cloneNode(true).firstElementChild;
  form.elements.until.max = settings.latest;
  if (store.company) form.elements.note.value = "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const asked = { action: "hold", stand: one.id, until: form.elements.until.value, note: form.elements.note.value };
    if (store.company && !asked.note) asked.application = store.company.id;
    document.activeElement.blur();
    change(asked);
  });
  return form;
}

export function drawStands() {
  const box = find("[data-stands-box]");
  if (!box.open) return;
  const rows = store.state.stands.map((one) => {
    const who = one.placements.map((placement) => placement.company).join(" / ");
    const button = make("button", { type: "button", class: "planner-name", "data-row": "stand" + one.id, onclick: () => { choose(one.id); bringIntoView(shapes.get(one.id)); } }, one.number);
    return make("li", {}, make("div", { class: "planner-words" }, button, make("small", {}, [one.facts, who, one.hold && one.hold.text].filter(Boolean).join(" · "))));
  });
  keepFocus(find("[data-stands]"), rows);
}

export function drawBar() {
  const undo = find("[data-undo]");
  if (!undo) return;
  undo.disabled = !store.state.undo || store.isBusy;
  undo.title = store.state.undo ? fill(texts.undo, { what: store.state.undo }) : texts.noUndo;
  find("[data-planned]").textContent = store.state.planned;
  const send = find("[data-send]");
  if (store.state.planned) { send.removeAttribute("aria-disabled"); send.removeAttribute("tabindex"); }
  else { send.setAttribute("aria-disabled", "true"); send.setAttribute("tabindex", "-1"); }
}
