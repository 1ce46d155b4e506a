// What the door shows: one screen at a time, the plate, the bar, the counts and the strip of warnings.

import { allowSound, sound } from "./door-sound.js";
import { pointName, say } from "./door-plates.js";
import { count } from "./door-verdicts.js";

const WELCOME_LASTS = 1_200; // ms
const READ_LASTS = 4_000; // where nobody holds the next badge ready: at an unattended device, after keys or a button
const HELD_FOR = 1_000; // the second tap of two on a name is not meant for the answer
const SENT_LASTS = 5_000;
const LONG_NAME = 30; // letters
const COUNT_AFTER = 250;

export const byId = (id) => document.getElementById(id);
const app = byId("app");
const plate = byId("plate");
const title = byId("place").textContent;
let leaves = null;
let shown = null; // the plate that is on the screen, or was last
let shownAt = -Infinity;
let counting = null;
let sentLeaves = null;

export const lasts = { watching: false, kiosk: false, ready: () => ({}), cleared: () => undefined };

export function showScreen(name) {
  for (const one of document.querySelectorAll("[data-screen]")) {
    one.hidden = one.dataset.screen !== name;
  }
  app.dataset.shows = name;
  if (name !== "desk") {
    byId("place").textContent = title;
    byId("counts").hidden = byId("pending").hidden = byId("sent").hidden = true;
  }
}

// ── The plate ──

export function showPlate(one) {
  clearTimeout(leaves);
  [shown, shownAt] = [one, performance.now()];
  draw(one);
  plate.hidden = false;
  plate.dataset.shown = one.look;
  byId("exception-form").hidden = !one.exception || lasts.kiosk;
  sound(one.look);
  if (one.look === "in" || one.passing || lasts.kiosk) {
    leaves = setTimeout(clearPlate, one.unhurried || one.look !== "in" ? READ_LASTS : WELCOME_LASTS);
  }
}

export function shownPlate() {
  return shown;
}

export function clearPlate() {
  clearTimeout(leaves);
  delete plate.dataset.shown;
  byId("exception-form").hidden = true;
  draw({ look: "ready", icon: "qr", ...lasts.ready() });
  plate.hidden = lasts.watching;
  lasts.cleared();
}

// Something else has begun: what was answered before goes.
export function endPlate() {
  if (plate.dataset.shown) {
    clearPlate();
  }
}

// The plate as it stands between two answers: drawn anew when what it says has changed.
export function refreshPlate() {
  if (!plate.dataset.shown) {
    clearPlate();
  }
}

function draw(one) {
  plate.className = `answer-plate ans-${one.look}`;
  plate.querySelector("use").setAttribute("href", `${app.dataset.icons}#${one.icon}`);
  for (const part of ["word", "who", "unit", "detail"]) {
    plate.querySelector(`.${part}`).textContent = one[part] || "";
  }
  plate.querySelector(".who").classList.toggle("long", (one.who || "").length > LONG_NAME);
}

plate.addEventListener("click", () => {
  if (performance.now() - shownAt >= HELD_FOR) {
    clearPlate();
  }
});
addEventListener("pointerdown", allowSound);
addEventListener("keydown", allowSound);

// ── The bar and the strip ──

export function showState(desk) {
  const { point } = desk.pack;
  byId("place").textContent = desk.session.name + (point === null ? "" : ` · ${pointName(desk, point)}`);
  const pending = byId("pending");
  const { offline } = desk.sync;
  pending.hidden = !offline && !desk.waiting;
  const word = offline ? (desk.waiting ? "offlineWaiting" : "offline") : "waiting";
  if (!pending.hidden) {
    byId("sent").hidden = true;
  }
  setText(pending.querySelector("span"), say(word, { number: desk.waiting }));
  pending.querySelector("use").setAttribute("href", `${app.dataset.icons}#${offline ? "off" : "wait"}`);
  byId("counts").hidden = false;
  clearTimeout(counting);
  counting = setTimeout(() => showCounts(desk), COUNT_AFTER);
  showStrip(desk);
}

// What waited without a network is sent: said for some seconds, not only by the warning's going.
export function showSent(number) {
  const sent = byId("sent");
  clearTimeout(sentLeaves);
  sent.querySelector("span").textContent = say("sentAll", { number });
  sent.hidden = false;
  sentLeaves = setTimeout(() => (sent.hidden = true), SENT_LASTS);
}

function showStrip(desk) {
  const [strip, other] = [byId("strip"), desk.rather];
  const session = desk.session.name;
  const words = desk.pack.event.cancelled
    ? say("eventCancelled")
    : desk.isOffDay
      ? say("offDay", { session })
      : desk.refused && !lasts.kiosk
        ? say("refused", { number: desk.refused })
        : "";
  strip.hidden = !words;
  setText(strip.querySelector("p"), words);
  const button = strip.querySelector("button");
  button.hidden = !desk.isOffDay || !other || lasts.kiosk; // a delegate chooses no half-day
  button.textContent = other ? say("switchTo", { session: other.name }) : "";
  button.onclick = () => desk.set({ session: other.key });
}

function showCounts(desk) {
  const { present, inside, expected, units } = count(desk.here);
  const exits = inside < present; // people went out: who came and who is here are two numbers
  const told = byId("counts").querySelector("[data-inside]");
  setText(byId("counts").querySelector("[data-total]"), `${present}/${expected}`);
  setText(told, exits ? say("insideNow", { number: inside }) : "");
  told.hidden = !exits;
  byId("counts").querySelector(".came > span").classList.toggle("visually-hidden", !exits);
  const table = document.createElement("table");
  table.className = "table";
  table.createCaption().textContent = say("byUnit");
  const head = table.createTHead().insertRow();
  ["unit", "came", ...(exits ? ["inside"] : [])].forEach((name) => head.append(cell("th", say(name), "col")));
  const body = table.createTBody();
  for (const [name, came, of, stayed] of units) {
    const row = body.insertRow();
    row.append(cell("th", name, "row"), cell("td", `${came}/${of}`), ...(exits ? [cell("td", String(stayed))] : []));
  }
  byId("counts").querySelector("div").replaceChildren(table);
}

function cell(tag, text, scope = null) {
  const made = document.createElement(tag);
  made.textContent = text;
  if (scope) {
    made.scope = scope;
  }
  return made;
}

// Only a change is spoken.
function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

// ── Faults of a form, dialogs ──

export function fault(id, text) {
  const place = byId(`${id}-error`);
  place.textContent = text;
  place.hidden = !text;
  const field = byId(id);
  field?.setAttribute("aria-invalid", String(Boolean(text)));
  if (text) {
    field?.focus();
  }
  return Boolean(text);
}

export function closeDialogs() {
  document.querySelectorAll("dialog[open]").forEach((one) => one.close());
}

for (const button of document.querySelectorAll("[data-close]")) {
  button.addEventListener("click", () => button.closest("dialog").close());
}
