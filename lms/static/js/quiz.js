// Taking a quiz: moves between questions without the network, saves each answer as it is given, keeps unsent answers
// in this browser and sends them when the network is back. Without this file the forms of the page do the same, one
// question at a time.

import { Keeper } from "./quiz-keeper.js";
import { Clock } from "./quiz-clock.js";

const root = document.getElementById("quiz");
const words = JSON.parse(document.getElementById("quiz-words").textContent);
const forms = [...root.querySelectorAll("form")];
const state = document.querySelector(".save");
const news = document.getElementById("quiz-news");
const token = document.querySelector('meta[name="csrf-token"]').content;
let current = Number(root.dataset.position);
let asleep = false;

const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const hour = (moment) => new Intl.DateTimeFormat("vi-VN", {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh",
}).format(moment);

// ── Where an answer stands ──────────────────────────────────────────────────────────────────────────
const ICONS = { ok: "ok", wait: "wait", off: "off", back: "again", over: "clock", other: "other" };

function show(kind, text) {
  state.className = `save save-${kind}`;
  state.querySelector("use").setAttribute("href", `${root.dataset.icons}#${ICONS[kind]}`);
  state.querySelector("span").textContent = text;
}

// A message above the question moves what is below it; while a finger or button is down that would miss the press.
let pressed = false;
let delayed = null;
addEventListener("pointerdown", () => {
  pressed = true;
}, true);
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, () => setTimeout(() => {
    pressed = false;
    delayed?.();
    delayed = null;
  }, 50), true);
}

function settle(...content) {
  if (pressed) {
    delayed = () => news.replaceChildren(...content);
  } else {
    news.replaceChildren(...content);
  }
}

function tell(kind, title, paragraphs = [], act = null) {
  const box = document.createElement("div");
  box.className = `msg msg-${kind}`;
  box.setAttribute("role", "status");
  const icon = state.querySelector("svg").cloneNode(true);
  icon.querySelector("use").setAttribute("href", `${root.dataset.icons}#${kind === "warn" ? "off" : kind}`);
  const heading = document.createElement("p");
  heading.className = "msg-title";
  heading.textContent = title;
  box.append(icon, heading);
  for (const words of paragraphs) {
    box.append(Object.assign(document.createElement("p"), { textContent: words }));
  }
  if (act) {
    box.append(act);
  }
  settle(box);
}

function link(text, href) {
  return Object.assign(document.createElement("a"), { textContent: text, href, className: "btn btn-outline-primary" });
}

const keeper = new Keeper(root.dataset.attempt, root.dataset.address, token, {
  slow: () => show("wait", words.saving),
  saved: (moment) => {
    settle();
    show("ok", say("saved", { time: hour(moment) }));
  },
  lost: (count) => {
    show("off", words.lost);
    const lines = [say("lostText", { n: count })];
    if (root.dataset.deadline) {
      lines.push(say("lostDeadline", { time: hour(new Date(root.dataset.deadline)) }));
    }
    tell("warn", words.lostTitle, lines);
  },
  back: (count, moment) => {
    settle();
    show("back", say("back", { n: count }));
    setTimeout(() => state.classList.contains("save-back") && show("ok", say("saved", { time: hour(moment) })), 5000);
  },
  over: (late) => finish(late),
  signedOut: () => tell("warn", words.lost, [words.signedOut], link(words.signIn, root.dataset.signIn)),
  stale: () => tell("warn", words.lost, [words.stale], link(words.reload, root.dataset.address)),
  refused: (message) => tell("bad", message),
});

function finish(late) {
  asleep = true;
  show("over", words.over);
  location.replace(root.dataset.result + (late ? `?late=${late}` : ""));
}

// ── Answers ─────────────────────────────────────────────────────────────────────────────────────────
function answerOf(form) {
  const text = form.elements.namedItem("text");
  if (text) {
    return text.value.trim() ? { text: text.value } : null;
  }
  const chosen = [...form.querySelectorAll('input[name="answer"]:checked')].map((box) => box.value);
  return chosen.length ? { chosen } : null;
}

function fill(form, answer) {
  const text = form.elements.namedItem("text");
  if (text) {
    text.value = answer?.text ?? "";
  }
  for (const box of form.querySelectorAll('input[name="answer"]')) {
    box.checked = answer?.chosen?.includes(box.value) ?? false;
  }
}

const flagOf = (form) => form.querySelector('button[name="flag"]');
const isFlagged = (form) => flagOf(form).value === "0";

// What each question holds and the keeper knows of, to send nothing twice.
const held = new Map();
const holding = (form) => JSON.stringify([answerOf(form), isFlagged(form)]);

function keep(form) {
  if (!asleep && held.get(form) !== holding(form)) {
    held.set(form, holding(form));
    keeper.keep(Number(form.dataset.position), answerOf(form), isFlagged(form));
    drawMap();
  }
}

let typing = 0; // the timer of a text that is still being typed

function keepTyped() {
  if (typing) {
    clearTimeout(typing);
    typing = 0;
    keep(forms[current - 1]);
  }
}

for (const form of forms) {
  keeper.knows(Number(form.dataset.position), Number(form.dataset.seq));
  form.addEventListener("change", () => {
    clearTimeout(typing);
    typing = 0;
    keep(form);
  });
  form.addEventListener("input", (event) => {
    if (event.target.name === "text") {
      clearTimeout(typing);
      typing = setTimeout(keepTyped, 800);
    }
  });
}
for (const [position, kept] of keeper.unsent()) {
  const form = forms[position - 1];
  if (form) {
    fill(form, kept.answer);
    mark(form, kept.flagged);
  }
}

// ── Moving ──────────────────────────────────────────────────────────────────────────────────────────
const mapButtons = [...document.querySelectorAll(".map button")];

function drawMap() {
  let answered = 0;
  for (const [index, form] of forms.entries()) {
    const done = answerOf(form) !== null;
    answered += done;
    const button = mapButtons[index];
    const now = index + 1 === current;
    button.parentElement.className = [done && "done", isFlagged(form) && "flag", now && "now"].filter(Boolean).join(" ");
    button.setAttribute("aria-label", say(done ? "answered" : "unanswered", { n: index + 1 }));
    button.toggleAttribute("aria-current", now);
    if (now) {
      button.setAttribute("aria-current", "step");
    }
  }
  document.getElementById("quiz-summary").textContent = say("map", { n: answered, left: forms.length - answered });
}

function open(position, push = true) {
  current = Math.min(Math.max(position, 1), forms.length);
  for (const [index, form] of forms.entries()) {
    form.hidden = index + 1 !== current;
  }
  for (const button of document.querySelectorAll("button[form]")) {
    button.setAttribute("form", `question-${current}`);
  }
  const place = document.getElementById("quiz-place");
  place.textContent = say("place", { n: current, total: forms.length });
  document.title = document.title.replace(/^[^·]*·/, `${place.textContent} ·`);
  if (push) {
    history.pushState({ position: current }, "", `?question=${current}`);
    document.getElementById("main").focus({ preventScroll: true });
    scrollTo(0, 0);
  }
  drawMap();
}

function mark(form, flagged) {
  const button = flagOf(form);
  button.value = flagged ? "0" : "1";
  button.textContent = flagged ? words.unflag : words.flag;
  button.setAttribute("aria-pressed", String(flagged));
}

async function leaveForCheck() {
  if (await keeper.flush()) {
    location.assign(root.dataset.check);
  } else if (!asleep) {
    show("off", words.lost);
    tell("warn", words.lost, [words.cannotGo]);
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!forms.includes(form)) {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  const button = event.submitter;
  if (asleep) {
    return;
  }
  keepTyped();
  if (button?.name === "flag") {
    mark(form, button.value === "1");
    keep(form);
  } else if (button?.value === "check") {
    leaveForCheck();
  } else {
    const steps = { next: current + 1, previous: current - 1 };
    open(steps[button?.value] ?? (Number(button?.value) || current + 1));
  }
}, true);

// Enter in a text box presses the form's first button, which is the flag: it should go on instead.
for (const form of forms) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.name === "text") {
      event.preventDefault();
      form.querySelector(".quizfoot .btn-primary").click();
    }
  });
}

addEventListener("popstate", (event) => {
  const asked = new URLSearchParams(location.search).get("question");
  open(event.state?.position ?? (Number(asked) || 1), false);
});
addEventListener("pageshow", (event) => event.persisted && location.reload());

// ── One window at a time ────────────────────────────────────────────────────────────────────────────
const channel = new BroadcastChannel(`lms-attempt-${root.dataset.attempt}`);
channel.addEventListener("message", () => {
  keepTyped();
  asleep = true;
  keeper.flush().finally(() => keeper.stop());
  for (const form of forms) {
    form.querySelector("fieldset").disabled = true;
  }
  show("other", words.other);
  tell("info", words.other, [words.otherText], link(words.here, `${root.dataset.address}?question=${current}`));
});
channel.postMessage("opened");

// ── The clock ───────────────────────────────────────────────────────────────────────────────────────
if (root.dataset.deadline) {
  new Clock(document.getElementById("quiz-clock"), document.getElementById("quiz-spoken"), {
    deadline: new Date(root.dataset.deadline),
    now: new Date(root.dataset.now),
    words: { left: words.left, minutes: (n) => say("minutes", { n }) },
    over: async () => {
      if (asleep) {
        return;
      }
      keepTyped();
      await keeper.flush();
      show("over", words.over);
      for (const form of forms) {
        form.querySelector("fieldset").disabled = true;
      }
      if (!keeper.offline) {
        // Half a second, so that the server's clock has surely come to the deadline too.
        setTimeout(() => finish(keeper.count()), 500);
      }
    },
  });
}

for (const form of forms) {
  held.set(form, holding(form));
}
history.replaceState({ position: current }, "");
open(current, false);
keeper.start();
