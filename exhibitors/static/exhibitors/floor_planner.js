/* The plan of a hall: pan and zoom, colours, drag and drop, and the same by list and keyboard. No framework, nothing from elsewhere.
   The server says what is there and whether a change is possible; after each change, and every few seconds, the page asks anew. */
(function () {
  "use strict";
  const root = document.getElementById("planner");
  if (!root) return;
  const settings = JSON.parse(document.getElementById("planner-settings").textContent);
  const texts = document.getElementById("planner-texts").dataset;
  const find = (selector) => root.querySelector(selector);
  const view = find("[data-view]");
  const svg = view.querySelector("svg");
  const shapes = new Map();
  const POLL_MS = 4000;
  let state = JSON.parse(document.getElementById("planner-state").textContent);
  let tag = "";
  let mode = "state";
  let company = null; // {id, company} chosen to be placed
  let fits = null; // the answer for that company
  let stand = null; // id of the stand that is shown
  let isBusy = false;
  const judged = new Map(); // what speaks for a company on its stand, by both ids
  let under = null; // id of the stand that the pointer rests on
  let ghost = null; // what is being dragged

  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "onclick") element.addEventListener("click", value);
      else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value === true ? "" : value);
    }
    element.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
    return element;
  };
  const standOf = (id) => state.stands.find((one) => one.id === id);
  const say = (text) => { find("[data-news]").textContent = text || ""; };
  const alarm = (text) => { const box = find("[data-alert]"); box.textContent = text || ""; box.hidden = !text; };
  const fill = (text, names) => text.replace(/%\((\w+)\)s/g, (whole, name) => names[name] ?? whole);

  /* --- the drawing: what is where, and in which colour ------------------------------------------------------------ */
  for (const group of svg.querySelectorAll(".stand")) {
    const id = Number(group.dataset.stand);
    shapes.set(id, group);
    group.setAttribute("role", "button");
    group.setAttribute("tabindex", "-1");
    group.addEventListener("focus", () => { bringIntoView(group); judge(id); });
    let resting = 0; // the pointer passes over many stands on its way: only where it rests is worth a question
    group.addEventListener("pointerenter", () => { under = id; clearTimeout(resting); resting = setTimeout(() => judge(id), 250); });
    group.addEventListener("pointerleave", () => { under = null; clearTimeout(resting); });
  }
  if (svg.querySelector(".stand")) svg.querySelector(".stand").setAttribute("tabindex", "0");

  function describe(one) {
    const who = one.placements.flatMap((placement) => [
      [placement.company, placement.state_text, placement.days, placement.wishes].filter(Boolean).join(", "),
      ...(judged.get(`${placement.application} ${one.id}`) || []).map((reason) => (reason.weight === "good" ? "+ " : "– ") + reason.text),
    ]);
    return [one.number + ", " + one.facts, ...who, one.hold && one.hold.text, one.blocked].filter(Boolean).join("\n");
  }

  function label(one) {
    const group = one && shapes.get(one.id);
    if (!group) return;
    group.querySelector("title").textContent = describe(one);
    group.setAttribute("aria-label", describe(one).replaceAll("\n", "; "));
  }

  function paint() {
    const fills = new Map(state.legend[mode].map((key) => [key.key, key.fill]));
    const suiting = new Set(fits ? fits.fits.filter((one) => one.suitable).map((one) => one.stand) : []);
    const open = new Set(fits ? fits.fits.map((one) => one.stand) : []);
    for (const one of state.stands) {
      const group = shapes.get(one.id);
      if (!group) continue;
      group.querySelector(".shape").setAttribute("fill", fills.get(one.keys[mode]) || "#ffffff");
      label(one);
      group.classList.toggle("is-chosen", one.id === stand);
      group.classList.toggle("is-fitting", suiting.has(one.id));
      group.classList.toggle("is-dim", Boolean(fits) && !open.has(one.id));
      write(group, one);
    }
    const legend = find("[data-legend]");
    legend.replaceChildren(...state.legend[mode].map((key) => {
      const swatch = make("span", { "aria-hidden": "true" });
      swatch.style.backgroundColor = key.fill;
      swatch.classList.toggle("is-hatched", key.key === "blocked");
      return make("li", {}, swatch, key.label);
    }));
  }

  /* The server fits names into stands when the page is loaded; what changes since is fitted here, as much of it as there is room for. */
  function write(group, one) {
    const names = one.placements.map((placement) => placement.company).join(" / ");
    const text = group.querySelector("text");
    const [number, ...lines] = text.querySelectorAll("tspan");
    if (group.dataset.names === undefined) {
      group.dataset.names = names;
      group.dataset.middle = middleOf(text, number, lines);
      group.dataset.size = sizeOf(number);
    }
    if (group.dataset.names === names) return;
    group.dataset.names = names;
    lines.forEach((line) => line.remove());
    const box = group.querySelector(".shape").getBBox();
    const [width, height] = text.hasAttribute("transform") ? [box.height, box.width] : [box.width, box.height];
    const middle = Number(group.dataset.middle);
    const large = names ? Math.min(Number(group.dataset.size), height * 0.34) : Number(group.dataset.size);
    const small = Math.min(5, large * 0.6);
    const room = names ? Math.min(3, Math.floor((height * 0.94 - large * 1.15) / (small * 1.15))) : 0;
    const written = room > 0 ? breakLines(names, Math.max(2, Math.floor((width * 0.92) / (small * 0.62))), room) : [];
    let y = written.length ? middle - ((large + written.length * small) * 1.15) / 2 + large * 0.95 : middle + large * 0.36;
    number.setAttribute("y", y.toFixed(2));
    number.setAttribute("font-size", large.toFixed(2));
    y += large * 0.2;
    for (const line of written) {
      const span = document.createElementNS("http://www.w3.org/2000/svg", "tspan");
      span.setAttribute("x", number.getAttribute("x"));
      span.setAttribute("y", (y + small * 0.95).toFixed(2));
      span.setAttribute("font-size", small.toFixed(2));
      span.textContent = line;
      text.append(span);
      y += small * 1.15;
    }
  }

  const sizeOf = (line) => Number(line.getAttribute("font-size"));

  /* Where the middle of a label is, before anything is written anew: by the rules of fairs/floor_labels.py. */
  function middleOf(text, number, lines) {
    const turned = /rotate\(-90 [\d.-]+ ([\d.-]+)\)/.exec(text.getAttribute("transform") || "");
    if (turned) return Number(turned[1]);
    const y = Number(number.getAttribute("y")), size = sizeOf(number);
    const total = size * 1.15 + lines.reduce((sum, line) => sum + sizeOf(line) * 1.15, 0);
    return lines.length ? y - size * 0.95 + total / 2 : y - size * 0.36;
  }

  function breakLines(text, most, count) {
    const lines = [];
    let line = "";
    for (const word of text.split(/\s+/)) {
      if (line && (line + " " + word).length > most) { lines.push(line); line = word; } else line = line ? line + " " + word : word;
    }
    lines.push(line);
    const shown = lines.slice(0, count).map((one) => (one.length > most ? one.slice(0, most - 1) + "…" : one));
    if (lines.length > count) shown[count - 1] = shown[count - 1].slice(0, most - 1).replace(/…$/, "") + "…";
    return shown;
  }

  /* --- pan and zoom: the view box is moved, the drawing stays ------------------------------------------------------ */
  const whole = svg.viewBox.baseVal;
  const full = { x: whole.x, y: whole.y, width: whole.width, height: whole.height };
  let box = { ...full };
  const show = () => svg.setAttribute("viewBox", `${box.x} ${box.y} ${box.width} ${box.height}`);
  function unitsPerPixel() {
    const size = view.getBoundingClientRect();
    return Math.max(box.width / size.width, box.height / size.height);
  }
  function pointAt(x, y) {
    const matrix = svg.getScreenCTM();
    return matrix ? new DOMPoint(x, y).matrixTransform(matrix.inverse()) : new DOMPoint(0, 0);
  }
  function zoom(factor, x, y) {
    const size = view.getBoundingClientRect();
    const at = pointAt(x ?? size.left + size.width / 2, y ?? size.top + size.height / 2);
    const width = Math.min(full.width * 1.2, Math.max(full.width / 20, box.width * factor));
    const real = width / box.width;
    box = { x: at.x - (at.x - box.x) * real, y: at.y - (at.y - box.y) * real, width, height: box.height * real };
    show();
  }
  function pan(dx, dy) {
    const limit = (value, start, length, size) => Math.max(start - size * 0.8, Math.min(start + length - size * 0.2, value));
    box.x = limit(box.x + dx, full.x, full.width, box.width);
    box.y = limit(box.y + dy, full.y, full.height, box.height);
    show();
  }
  function fitAll() { box = { ...full }; show(); }
  function bringIntoView(group) {
    const shape = group.querySelector(".shape").getBBox();
    const isInside = shape.x >= box.x && shape.y >= box.y && shape.x + shape.width <= box.x + box.width && shape.y + shape.height <= box.y + box.height;
    if (isInside) return;
    box.x = shape.x + shape.width / 2 - box.width / 2;
    box.y = shape.y + shape.height / 2 - box.height / 2;
    show();
  }
  view.addEventListener("wheel", (event) => { event.preventDefault(); zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, event.clientX, event.clientY); }, { passive: false });
  for (const button of root.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => (button.dataset.zoom === "fit" ? fitAll() : zoom(button.dataset.zoom === "in" ? 1 / 1.4 : 1.4)));
  }

  /* One finger or the mouse moves the plan, or a planned company that it began on; two fingers zoom. */
  const pointers = new Map();
  let gesture = null;
  view.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const group = event.target.closest(".stand");
    if (pointers.size === 2) { gesture = { pinch: spread() }; return; }
    const one = group && standOf(Number(group.dataset.stand));
    const plan = one && settings.mayPlace && one.placements.find((placement) => placement.state === "planned" && placement.application);
    gesture = { x: event.clientX, y: event.clientY, group, plan, moved: false };
  });
  window.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId) || !gesture) return;
    const before = pointers.get(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    if (gesture.pinch) {
      const now = spread();
      if (now.distance > 0) zoom(gesture.pinch.distance / now.distance, now.x, now.y);
      gesture.pinch = now;
      return;
    }
    if (!gesture.moved && Math.hypot(event.clientX - gesture.x, event.clientY - gesture.y) < 6) return;
    gesture.moved = true;
    if (gesture.plan) { drag(event, gesture.plan.company); return; }
    view.classList.add("is-panning");
    const scale = unitsPerPixel();
    pan((before.x - event.clientX) * scale, (before.y - event.clientY) * scale);
  });
  const release = (event) => {
    if (!pointers.delete(event.pointerId) || !gesture) return;
    const done = gesture;
    if (pointers.size === 0) gesture = null;
    view.classList.remove("is-panning");
    if (done.pinch) return;
    if (!done.moved && done.group && event.type === "pointerup") choose(Number(done.group.dataset.stand));
    if (done.moved && done.plan) drop(event, (target) => change({ action: "move", placement: done.plan.id, stand: target }));
  };
  window.addEventListener("pointerup", release);
  window.addEventListener("pointercancel", release);
  function spread() {
    const [one, two] = [...pointers.values()];
    return { distance: Math.hypot(one.x - two.x, one.y - two.y), x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
  }

  /* --- dragging a company onto a stand ------------------------------------------------------------------------------ */
  function drag(event, name) {
    if (!ghost) {
      ghost = make("div", { class: "planner-ghost" }, name);
      document.body.append(ghost);
      say(fill(texts.dragging, { company: name }));
    }
    ghost.style.left = event.clientX + 12 + "px";
    ghost.style.top = event.clientY + 12 + "px";
    const target = groupAt(event);
    for (const group of shapes.values()) group.classList.toggle("is-target", group === target);
  }
  function groupAt(event) {
    const element = document.elementFromPoint(event.clientX, event.clientY);
    return element ? element.closest(".planner-view .stand") : null;
  }
  function drop(event, take) {
    if (ghost) ghost.remove();
    ghost = null;
    say("");
    const target = event.type === "pointerup" ? groupAt(event) : null;
    for (const group of shapes.values()) group.classList.remove("is-target");
    if (target) take(Number(target.dataset.stand));
    else draw();
  }
  function draggable(element, one) {
    let start = null;
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !settings.mayPlace) return;
      event.preventDefault();
      element.setPointerCapture(event.pointerId);
      start = { x: event.clientX, y: event.clientY, moved: false };
    });
    element.addEventListener("pointermove", (event) => {
      if (!start) return;
      if (!start.moved && Math.hypot(event.clientX - start.x, event.clientY - start.y) < 6) return;
      drag(event, one.company);
      if (!start.moved) { start.moved = true; chooseCompany(one, true); }
    });
    const end = (event) => {
      if (!start) return;
      const moved = start.moved;
      start = null;
      if (moved) drop(event, (target) => change({ action: "plan", application: one.id, stand: target }));
      else if (event.type === "pointerup") chooseCompany(one);
    };
    element.addEventListener("pointerup", end);
    element.addEventListener("pointercancel", end);
  }

  /* --- the side: who has no stand, what fits, one stand ------------------------------------------------------------- */
  function list() {
    const asked = find("[data-search]").value.trim().toLocaleLowerCase();
    const found = state.unplaced.filter((one) => !asked || asked.split(/\s+/).every((word) => (one.search + " " + one.marks + " " + one.wishes).toLocaleLowerCase().includes(word)));
    find("[data-count]").textContent = asked ? `${found.length} / ${state.unplaced.length}` : String(found.length);
    const rows = found.map((one) => {
      const grip = make("button", { type: "button", class: "planner-grip", tabindex: "-1", "aria-hidden": "true", "data-grip": one.id }, "⠿");
      draggable(grip, one);
      const name = make("button", { type: "button", class: "planner-name", "data-application": one.id, onclick: () => chooseCompany(one) }, one.company);
      const words = make("div", { class: "planner-words" }, name, make("small", {}, one.marks), make("small", {}, one.wishes));
      return make("li", { class: company && company.id === one.id ? "is-chosen" : "" }, settings.mayPlace ? grip : "", words);
    });
    const empty = make("li", {}, state.unplaced.length ? texts.noMatch : texts.none);
    keepFocus(find("[data-unplaced]"), rows.length ? rows : [empty]);
  }

  /* Rows are made anew with each change; who stands on a button of one stays on it. */
  function keepFocus(parent, rows) {
    const active = document.activeElement;
    const key = parent.contains(active) && ["data-application", "data-row", "data-act"].map((name) => [name, active.getAttribute(name)]).find(([, value]) => value);
    parent.replaceChildren(...rows);
    if (key) { const again = parent.querySelector(`[${key[0]}="${CSS.escape(key[1])}"]`); if (again) again.focus(); }
  }

  async function chooseCompany(one, isQuiet) {
    company = company && company.id === one.id && !isQuiet ? null : { id: one.id, company: one.company, url: one.url, placement: one.placement };
    fits = null;
    alarm("");
    if (company && !isQuiet) stand = null;
    draw();
    if (!company) return;
    const asked = company.id;
    const answer = await ask(settings.urls.fits + "?application=" + asked);
    if (!company || company.id !== asked) return;
    if (!answer) return;
    if (!answer.ok) { alarm((await body(answer)).message); return; }
    fits = await answer.json();
    draw();
    if (!isQuiet) { const box = find("[data-fits]"); box.setAttribute("tabindex", "-1"); box.focus({ preventScroll: true }); box.scrollIntoView({ block: "nearest" }); }
  }

  function showFits() {
    const box = find("[data-fits]");
    box.hidden = !company || !fits;
    if (box.hidden) { box.replaceChildren(); return; }
    const rows = fits.fits.map((one) => {
      const there = standOf(one.stand);
      const isOwn = there && there.placements.some((placement) => placement.application === company.id);
      const mark = isOwn ? texts.here : one.suitable ? "" : texts.must;
      const reasons = make("ul", { class: "planner-reasons" }, ...one.reasons.map((reason) => make("li", { class: reason.weight }, reason.text)));
      const show = make("button", { type: "button", class: "planner-name", "data-row": "show" + one.stand, onclick: () => { choose(one.stand); bringIntoView(shapes.get(one.stand)); } }, one.number);
      const act = settings.mayPlace && !isOwn
        ? make("button", { type: "button", "data-row": "plan" + one.stand, "data-plan-on": one.number, "aria-label": `${texts.plan}: ${company.company}, ${one.number}`, onclick: () => place(one.stand) }, texts.plan)
        : "";
      return make("li", {}, make("div", { class: "planner-words" }, show, mark ? make("small", {}, mark) : "", reasons), act);
    });
    const title = fill(texts.fits, { company: company.company });
    keepFocus(box, [make("h2", {}, title), rows.length ? make("ul", { class: "planner-list" }, ...rows) : make("p", {}, texts.nothingFits)]);
  }

  function place(target) {
    if (!company) return; // pressed twice
    change(company.placement ? { action: "move", placement: company.placement, stand: target } : { action: "plan", application: company.id, stand: target });
  }

  function choose(id) {
    stand = stand === id && !company ? null : id;
    draw();
    const group = shapes.get(id);
    if (group) for (const other of shapes.values()) other.setAttribute("tabindex", other === group ? "0" : "-1");
    if (stand) find("[data-detail]").scrollIntoView({ block: "nearest" });
    if (stand) judge(id);
  }

  /* How well the companies on a stand fit it: asked for when it is looked at. */
  async function judge(id) {
    for (const placement of standOf(id).placements) {
      const key = `${placement.application} ${id}`;
      if (!placement.application || judged.has(key)) continue;
      judged.set(key, []);
      const answer = await ask(settings.urls.fits + "?application=" + placement.application);
      if (!answer || !answer.ok) continue;
      const own = (await answer.json()).fits.find((one) => one.stand === id);
      if (!own) continue;
      judged.set(key, own.reasons);
      detail();
      label(standOf(id));
    }
  }

  function detail() {
    const box = find("[data-detail]");
    const one = stand && standOf(stand);
    box.hidden = !one;
    if (!one) { box.replaceChildren(); return; }
    const old = box.querySelector("[data-hold]");
    if (old && old.contains(document.activeElement) && box.dataset.stand === String(stand)) return; // somebody is typing
    box.dataset.stand = String(stand);
    const parts = [make("h2", {}, one.number), make("small", {}, one.facts)];
    if (one.blocked) parts.push(make("p", {}, one.blocked));
    for (const placement of one.placements) parts.push(placementBox(one, placement));
    if (!one.placements.length && !one.blocked) parts.push(make("p", {}, one.hold ? one.hold.text : texts.free));
    else if (one.hold) parts.push(make("p", {}, one.hold.text));
    const actions = make("div", { class: "planner-actions" });
    const isFree = !one.blocked && !one.placements.length;
    if (settings.mayPlace && company && isFree) actions.append(make("button", { type: "button", "data-act": "plan-here", onclick: () => place(one.id) }, `${texts.planHere}: ${company.company}`));
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
    if (placement.answer_by) lines.push(make("small", {}, `${texts.answerBy}: ${placement.answer_by}`));
    const reasons = judged.get(`${placement.application} ${one.id}`) || [];
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
    if (company) form.elements.note.value = "";
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const asked = { action: "hold", stand: one.id, until: form.elements.until.value, note: form.elements.note.value };
      if (company && !asked.note) asked.application = company.id;
      document.activeElement.blur();
      change(asked);
    });
    return form;
  }

  function standsList() {
    const box = find("[data-stands-box]");
    if (!box.open) return;
    const rows = state.stands.map((one) => {
      const who = one.placements.map((placement) => placement.company).join(" / ");
      const button = make("button", { type: "button", class: "planner-name", "data-row": "stand" + one.id, onclick: () => { choose(one.id); bringIntoView(shapes.get(one.id)); } }, one.number);
      return make("li", {}, make("div", { class: "planner-words" }, button, make("small", {}, [one.facts, who, one.hold && one.hold.text].filter(Boolean).join(" · "))));
    });
    keepFocus(find("[data-stands]"), rows);
  }

  function bar() {
    const undo = find("[data-undo]");
    if (!undo) return;
    undo.disabled = !state.undo || isBusy;
    undo.title = state.undo ? fill(texts.undo, { what: state.undo }) : texts.noUndo;
    find("[data-planned]").textContent = state.planned;
    const send = find("[data-send]");
    if (state.planned) { send.removeAttribute("aria-disabled"); send.removeAttribute("tabindex"); }
    else { send.setAttribute("aria-disabled", "true"); send.setAttribute("tabindex", "-1"); }
  }

  /* While a company is being dragged only the colours change: the row that holds the pointer must stay. */
  function draw() { paint(); if (ghost) return; list(); showFits(); detail(); standsList(); bar(); }

  /* --- what the server is asked ---------------------------------------------------------------------------------------- */
  async function ask(url, options) {
    try {
      const answer = await fetch(url, { credentials: "same-origin", ...options });
      if (answer.redirected && answer.url.includes("/login/")) { location.reload(); return null; }
      return answer;
    } catch {
      alarm(texts.lost);
      return null;
    }
  }
  async function body(answer) { try { return await answer.json(); } catch { return { message: answer.status + " " + answer.statusText }; } }

  async function refresh(isPoll) {
    const answer = await ask(settings.urls.state, tag ? { headers: { "If-None-Match": tag } } : {});
    if (!answer) return;
    if (find("[data-alert]").textContent === texts.lost) alarm("");
    if (answer.status === 304 || !answer.ok) return;
    const isFirst = !tag;
    tag = answer.headers.get("ETag") || "";
    const before = JSON.stringify([state.stands, state.unplaced]);
    state = await answer.json();
    if (ghost) return; // drawn when it is dropped
    judged.clear();
    const isNews = before !== JSON.stringify([state.stands, state.unplaced]);
    if (isPoll && isNews && !isFirst && state.latest) say(state.latest);
    if (isNews && company && !isBusy) renewFits();
    draw();
    for (const id of new Set([stand, under])) if (id) judge(id);
  }
  async function renewFits() {
    const asked = company.id;
    const own = state.stands.flatMap((one) => one.placements).find((placement) => placement.application === asked && placement.state === "planned");
    company.placement = own ? own.id : undefined;
    const answer = await ask(settings.urls.fits + "?application=" + asked);
    if (answer && answer.ok && company && company.id === asked) { fits = await answer.json(); draw(); }
  }

  /* One after the other: a drop while the last one is still under way waits for it; the same asked twice is asked once. */
  let queue = Promise.resolve();
  const waiting = new Set();
  function change(asked) {
    const key = JSON.stringify(asked);
    if (waiting.has(key)) return;
    waiting.add(key);
    queue = queue.then(() => take(asked)).finally(() => waiting.delete(key));
  }
  async function take(asked) {
    isBusy = true;
    alarm("");
    const side = find(".planner-side");
    const wasInSide = side.contains(document.activeElement);
    const token = root.querySelector("input[name=csrfmiddlewaretoken]").value;
    const answer = await ask(settings.urls.change, { method: "POST", body: JSON.stringify(asked), headers: { "Content-Type": "application/json", "X-CSRFToken": token } });
    if (answer) {
      const told = await body(answer);
      if (answer.ok) {
        say(told.message);
        if (["plan", "move"].includes(asked.action)) { stand = null; company = null; fits = null; }
      } else alarm(told.message);
    }
    isBusy = false;
    await refresh(false);
    draw();
    // The button that was pressed is gone: who works by keyboard goes on with the list.
    const first = find("[data-unplaced] [data-application]") || find("[data-search]");
    if (wasInSide && !side.contains(document.activeElement)) first.focus({ preventScroll: true });
  }

  /* --- keys, and the rest of the bar ------------------------------------------------------------------------------------ */
  view.addEventListener("keydown", (event) => {
    const group = event.target.closest(".stand");
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    if (event.key === "+" || event.key === "=") zoom(1 / 1.3);
    else if (event.key === "-") zoom(1.3);
    else if (event.key === "0") fitAll();
    else if (arrows[event.key] && (!group || event.shiftKey)) pan(arrows[event.key][0] * box.width * 0.1, arrows[event.key][1] * box.height * 0.1);
    else if (arrows[event.key]) next(group, arrows[event.key]);
    else if (group && (event.key === "Enter" || event.key === " ")) {
      const id = Number(group.dataset.stand);
      choose(id);
    } else if (event.key === "Escape") { company = null; fits = null; stand = null; draw(); } else return;
    event.preventDefault();
  });
  function next(group, [dx, dy]) {
    const middle = (one) => { const shape = one.querySelector(".shape").getBBox(); return [shape.x + shape.width / 2, shape.y + shape.height / 2]; };
    const [x, y] = middle(group);
    let best = null;
    let least = Infinity;
    for (const other of shapes.values()) {
      if (other === group) continue;
      const [ox, oy] = middle(other);
      const along = (ox - x) * dx + (oy - y) * dy;
      const across = Math.abs((ox - x) * dy) + Math.abs((oy - y) * dx);
      if (along > 0.5 && along + 3 * across < least) { least = along + 3 * across; best = other; }
    }
    if (!best) return;
    for (const other of shapes.values()) other.setAttribute("tabindex", other === best ? "0" : "-1");
    best.focus();
  }
  find("[data-search]").addEventListener("input", list);
  find("[data-stands-box]").addEventListener("toggle", standsList);
  find("[data-hall]").addEventListener("change", (event) => { location.href = event.target.value; });
  find("[data-mode]").addEventListener("change", (event) => {
    mode = event.target.value;
    const sheet = find("[data-sheet]");
    sheet.href = settings.urls.sheet + "?print=a3&by=" + mode;
    paint();
  });
  const undo = find("[data-undo]");
  if (undo) undo.addEventListener("click", () => change({ action: "undo" }));

  draw();
  if (settings.first.stand && standOf(settings.first.stand)) { choose(settings.first.stand); const group = shapes.get(settings.first.stand); if (group) bringIntoView(group); }
  if (settings.first.application) {
    const there = state.stands.find((one) => one.placements.some((placement) => placement.application === settings.first.application));
    const waiting = state.unplaced.find((one) => one.id === settings.first.application);
    if (there) choose(there.id);
    else if (waiting) chooseCompany(waiting);
  }
  setInterval(() => { if (!document.hidden && !isBusy) refresh(true); }, POLL_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refresh(true); });
  root.dataset.ready = "true";
})();
