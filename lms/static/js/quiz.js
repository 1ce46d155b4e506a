// Taking a quiz: moves between questions without the network, saves each answer as it is given, keeps unsent answers
// in this browser and sends them when the network is back. Without this file the forms of the page do the same, one
// question at a time.

import { answerOf, fill } from "./quiz-answers.js";
import { Clock } from "./quiz-clock.js";
import { enhanceEssay } from "./quiz-essay.js";
import { enhanceHotspot } from "./quiz-hotspot.js";
import { Keeper } from "./quiz-keeper.js";
import { enhanceOrdering } from "./quiz-ordering.js";
import { link, Status } from "./quiz-status.js";

const root = document.getElementById("quiz");
const words = JSON.parse(document.getElementById("quiz-words").textContent);
const forms = [...root.querySelectorAll("form")];
const status = new Status(document.querySelector(".save"), document.getElementById("quiz-news"), root.dataset.icons);
const token = document.querySelector('meta[name="csrf-token"]').content;
let current = Number(root.dataset.position);
let asleep = false;

const say = (key, values = {}) => words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const hour = (moment) => new Intl.DateTimeFormat("vi-VN", {
  hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Ho_Chi_Minh",
}).format(moment);

const keeper = new Keeper(root.dataset.attempt, root.dataset.address, token, {
  slow: () => status.show("wait", words.saving),
  saved: (moment) => {
    status.settle();
    status.show("ok", say("saved", { time: hour(moment) }));
  },
  lost: (count) => {
    status.show("off", words.lost);
    const lines = [say("lostText", { n: count })];
    if (root.dataset.deadline) {
      lines.push(say("lostDeadline", { time: hour(new Date(root.dataset.deadline)) }));
    }
    status.tell("warn", words.lostTitle, lines);
  },
  back: (count, moment) => {
    status.settle();
    status.show("back", say("back", { n: count }));
    setTimeout(() => status.shows("back") && status.show("ok", say("saved", { time: hour(moment) })), 5000);
  },
  over: () => finish(),
  signedOut: () => status.tell("warn", words.lost, [words.signedOut], link(words.signIn, root.dataset.signIn)),
  stale: () => status.tell("warn", words.lost, [words.stale], link(words.reload, root.dataset.address)),
  refused: (message) => status.tell("bad", message),
});

function finish() {
  asleep = true;
  status.show("over", words.over);
  location.replace(root.dataset.result);
}

// ── How long each question stands before the person, in seconds ─────────────────────────────────────
let since = performance.now();

function countTime() {
  const form = forms[current - 1];
  const now = performance.now();
  form.dataset.seconds = Number(form.dataset.seconds) + (document.hidden ? 0 : (now - since) / 1000);
  since = now;
}

document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    const form = forms[current - 1];
    form.dataset.seconds = Number(form.dataset.seconds) + (performance.now() - since) / 1000;
  }
  since = performance.now();
});

// ── Answers ─────────────────────────────────────────────────────────────────────────────────────────
const flagOf = (form) => form.querySelector('button[name="flag"]');
const isFlagged = (form) => flagOf(form).value === "0";

// What each question holds and the keeper knows of, to send nothing twice.
const held = new Map();
const holding = (form) => JSON.stringify([answerOf(form), isFlagged(form)]);

function keep(form) {
  if (!asleep && held.get(form) !== holding(form)) {
    held.set(form, holding(form));
    countTime();
    keeper.keep(Number(form.dataset.position), answerOf(form), isFlagged(form), Math.floor(form.dataset.seconds));
    form.querySelector(".checked")?.remove();
    drawMap();
  }
}

const PAUSE = 800;
const LONGEST_UNSAVED = 5000;
let typing = 0; // the timer of a text that is still being typed
let typedSince = 0;

function keepTyped() {
  if (typing) {
    clearTimeout(typing);
    typing = 0;
    keep(forms[current - 1]);
  }
}

const ENHANCED = { ordering: enhanceOrdering, hotspot: enhanceHotspot, essay: enhanceEssay };
for (const form of forms) {
  ENHANCED[form.dataset.kind]?.(form);
  for (const words of form.querySelectorAll("[data-scripted]")) {
    words.hidden = false;
  }
  keeper.knows(Number(form.dataset.position), Number(form.dataset.seq));
  form.addEventListener("change", () => {
    clearTimeout(typing);
    typing = 0;
    keep(form);
  });
  form.addEventListener("input", (event) => {
    if (event.target.matches('input[type="text"], textarea')) {
      typedSince = typing ? typedSince : performance.now();
      clearTimeout(typing);
      const left = typedSince + LONGEST_UNSAVED - performance.now();
      typing = setTimeout(keepTyped, Math.max(0, Math.min(PAUSE, left)));
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
  countTime();
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

// Go to a page that shows what the server has: only once it has everything.
async function leaveFor(address, sorry) {
  if (await keeper.flush()) {
    location.assign(address);
  } else if (!asleep) {
    status.show("off", words.lost);
    status.tell("warn", words.lost, [sorry]);
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
    leaveFor(root.dataset.check, words.cannotGo);
  } else if (button?.value === "verdict") {
    leaveFor(`${root.dataset.address}?question=${current}&checked=1`, words.cannotCheck);
  } else {
    const steps = { next: current + 1, previous: current - 1 };
    open(steps[button?.value] ?? (Number(button?.value) || current + 1));
  }
}, true);

// Enter in a text box presses the form's first button, which is the flag: it should go on instead.
for (const form of forms) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches('input[type="text"]')) {
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
  status.show("other", words.other);
  status.tell("info", words.other, [words.otherText], link(words.here, `${root.dataset.address}?question=${current}`));
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
      status.show("over", words.over);
      for (const form of forms) {
        form.querySelector("fieldset").disabled = true;
      }
      if (!keeper.offline) {
        // Half a second, so that the server's clock has surely come to the deadline too.
        setTimeout(finish, 500);
      }
    },
  });
}

for (const form of forms) {
  held.set(form, holding(form));
}
document.getElementById("verdict")?.focus();
history.replaceState({ position: current }, "");
open(current, false);
keeper.start();
