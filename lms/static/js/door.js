// The door: a badge before the camera, a keyboard-wedge scanner, or a name; a large answer; undo. Each scan bears an id
// of its own and is sent again until it is answered, so that a weak network neither loses nor doubles one.

import { hasCamera, watch } from "./door-camera.js";
import { allowSound, sound } from "./door-sound.js";

const WELCOME_LASTS = 1200; // ms
const GONE_AFTER = 1500; // ms out of sight before the same badge counts as shown again
const RETRY = 3000;
const TYPING_PAUSE = 150;
const COUNT_EVERY = 20000;
const LONG_NAME = 30; // letters
const GIVE_UP = 8000; // ms until a request without an answer counts as lost
const CODE = /^[0-9a-z]{4}[\s-]?[0-9a-z]{4}$/i;

const byId = (id) => document.getElementById(id);
const door = byId("door");
const says = door.dataset;
const token = document.querySelector('meta[name="csrf-token"]').content;
const [plate, camera, entry, matches, scanButton] = ["plate", "camera", "entry", "matches", "scan"].map(byId);
const [undoForm, exceptionForm] = [byId("undo"), byId("exception")];
const waiting = []; // scans not answered yet, the oldest first
let sending = false;
let watching = false;
let leaves = null;
let lastSeen = { text: "", at: 0 };

// ── The plate ──

function show(answer) {
  clearTimeout(leaves);
  plate.className = `answer-plate ans-${answer.look}`;
  plate.hidden = false;
  plate.dataset.shown = answer.look;
  plate.querySelector("use").setAttribute("href", `${says.icons}#${answer.icon}`);
  for (const part of ["word", "who", "unit", "detail"]) {
    plate.querySelector(`.${part}`).textContent = answer[part] || "";
  }
  plate.querySelector(".who").classList.toggle("long", (answer.who || "").length > LONG_NAME);
  exceptionForm.hidden = !answer.exception;
  exceptionForm.elements.delegate.value = answer.exception || "";
  scanButton.hidden = false;
  scanButton.textContent = says.next;
  sound(answer.look);
  if (answer.look === "in") {
    leaves = setTimeout(clear, WELCOME_LASTS);
  }
  if (answer.verdict === "welcome") {
    offerUndo(answer.undo, answer.who);
  }
}

function clear() {
  clearTimeout(leaves);
  delete plate.dataset.shown;
  exceptionForm.hidden = true;
  plate.className = "answer-plate ans-ready";
  plate.hidden = watching;
  plate.querySelector("use").setAttribute("href", `${says.icons}#qr`);
  plate.querySelector(".word").textContent = says.ready;
  for (const part of ["who", "unit", "detail"]) {
    plate.querySelector(`.${part}`).textContent = "";
  }
  scanButton.hidden = watching || !hasCamera;
  scanButton.textContent = says.on;
}

function offerUndo(uuid, name) {
  undoForm.hidden = !uuid;
  undoForm.action = says.undo.replace("UUID", uuid || "UUID");
  byId("undo-name").textContent = name || "";
}

function trouble(word, icon = "warn") {
  show({ look: "ready", icon, word });
}

// ── Scans and the server ──

function newId() {
  if (crypto.randomUUID) {
    return crypto.randomUUID();
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // not a secure context
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function scan(what) {
  waiting.push({ uuid: newId(), point: Number(says.point) || undefined, ...what });
  emptyEntry();
  sendWaiting();
}

async function sendWaiting() {
  if (sending) {
    return;
  }
  sending = true;
  while (waiting.length) {
    let answer;
    try {
      answer = await post(says.scans, waiting[0]);
    } catch {
      if (plate.dataset.shown !== "ready") {
        show({ look: "ready", icon: "off", word: says.sending, detail: says.lost });
      }
      tellWaiting();
      setTimeout(sendWaiting, RETRY);
      break;
    }
    waiting.shift();
    tellWaiting();
    show(answer);
    countSoon();
  }
  sending = false;
}

// The answer of the server as a plate. Rejects when there is no network or no server.
async function post(address, body) {
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(GIVE_UP),
  });
  if (response.status >= 500) {
    throw new Error(String(response.status));
  }
  if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
    return { look: "ready", icon: "lock", word: says.signedOut };
  }
  const answer = await response.json();
  return answer.errors ? { look: "ready", icon: "warn", word: answer.errors[0].message } : answer;
}

function tellWaiting() {
  const pending = byId("pending");
  pending.hidden = !waiting.length;
  pending.querySelector("span").textContent = waiting.length ? `${waiting.length} ${says.waiting}` : "";
}

addEventListener("online", sendWaiting);
addEventListener("beforeunload", (event) => {
  if (waiting.length) {
    event.preventDefault();
  }
});

// ── Names and tickets typed ──

let typing = null;
let asked = 0;

async function find(words) {
  const number = ++asked;
  if (words.trim().length < 2) {
    matches.textContent = "";
    return;
  }
  try {
    const response = await fetch(`${says.matches}${says.matches.includes("?") ? "&" : "?"}q=${encodeURIComponent(words)}`);
    if (response.ok && !response.redirected && number === asked) {
      matches.innerHTML = await response.text();
    }
  } catch {
    // no network: the list stays as it was
  }
}

function emptyEntry() {
  clearTimeout(typing);
  asked += 1;
  entry.value = "";
  matches.textContent = "";
}

entry.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(() => find(entry.value), TYPING_PAUSE);
});

byId("entry-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const typed = entry.value.trim();
  if (CODE.test(typed) && /[\d-]/.test(typed)) {
    scan({ ticket: typed, method: "qr" });
  } else if (typed) {
    clearTimeout(typing);
    await find(typed);
    matches.querySelector("button")?.focus();
  } else {
    entry.focus();
  }
});

matches.addEventListener("submit", (event) => {
  event.preventDefault();
  scan({ delegate: Number(event.target.dataset.delegate), method: "manual" });
});

exceptionForm.addEventListener("submit", (event) => {
  event.preventDefault();
  const { delegate, exception } = exceptionForm.elements;
  if (exception.value.trim()) {
    scan({ delegate: Number(delegate.value), method: "manual", exception: exception.value });
    exception.value = "";
  }
});

undoForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    show(await post(undoForm.action, {}));
    offerUndo(null);
    countSoon();
  } catch {
    trouble(says.lost, "off");
  }
});

// A keyboard-wedge scanner types wherever the focus is: what nobody else takes goes to the box.
document.addEventListener("keydown", (event) => {
  const taken = event.target.closest?.("input, textarea, select, button, a, summary");
  if (!taken && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    entry.focus();
  }
});
if (matchMedia("(pointer: fine)").matches) {
  entry.focus();
}

// ── The camera ──

function seen(text) {
  const now = Date.now();
  const same = text === lastSeen.text && now - lastSeen.at < GONE_AFTER;
  lastSeen = { text, at: now };
  if (!same) {
    scan({ ticket: text, method: "qr" });
  }
}

async function startWatching() {
  camera.hidden = false;
  try {
    await watch(camera.querySelector("video"), seen);
    watching = true;
    clear();
  } catch {
    camera.hidden = true;
    trouble(says.noCamera, "camera");
  }
}

scanButton.addEventListener("click", () => {
  const answered = Boolean(plate.dataset.shown);
  clear();
  if (!watching && !(answered && !hasCamera)) {
    startWatching();
  }
});
plate.addEventListener("click", clear);
addEventListener("pointerdown", allowSound);
addEventListener("keydown", allowSound);

if (hasCamera) {
  scanButton.hidden = false;
  navigator.permissions?.query({ name: "camera" }).then(
    (permission) => permission.state === "granted" && startWatching(),
    () => {},
  );
}
if (plate.dataset.shown === "in") {
  leaves = setTimeout(clear, WELCOME_LASTS);
}

// ── Present and expected ──

let counting = null;

function countSoon() {
  clearTimeout(counting);
  counting = setTimeout(count, 400);
}

async function count() {
  clearTimeout(counting);
  counting = setTimeout(count, COUNT_EVERY);
  if (document.hidden) {
    return;
  }
  try {
    const response = await fetch(says.counts);
    if (response.ok && !response.redirected) {
      byId("counts").innerHTML = await response.text();
    }
  } catch {
    // no network: the figures stay as they were
  }
}

counting = setTimeout(count, COUNT_EVERY);
