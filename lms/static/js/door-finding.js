// Finding by name without accents, codes typed, and keyboard-wedge scanners, which type a code and Enter anywhere.

import { say, hour } from "./door-plates.js";
import { byId, endPlate } from "./door-screen.js";
import { find, isCode } from "./door-verdicts.js";

const MOST_MATCHES = 8;
const LONGEST_ECHO = 40; // letters of a search said back
const BETWEEN_KEYS = 80; // ms: nobody types that fast, scanners do
const [entry, matches] = ["entry", "matches"].map(byId);

// `scanned(code)` is told of codes typed or scanned, `chosen(ticket)` of someone chosen by name.
export function startFinding(desk, { scanned, chosen }) {
  const list = () => {
    const typed = entry.value.trim();
    const { found, number } = find(desk.people, isCode(typed) ? "" : typed, MOST_MATCHES);
    matches.replaceChildren(...found.map((one) => choice(desk, one, () => choose(one))));
    if (number > found.length) {
      matches.prepend(told(say("more", { shown: found.length, number })));
    } else if (!found.length && typed.length > 1 && !isCode(typed)) {
      const name = typed.length > LONGEST_ECHO ? `${typed.slice(0, LONGEST_ECHO)}…` : typed;
      matches.replaceChildren(told(say("nobody", { name })));
    }
    return found;
  };
  const choose = (one) => {
    emptyEntry();
    chosen(one.ticket);
  };

  entry.addEventListener("input", () => {
    if (entry.value.trim()) {
      endPlate();
    }
    list();
  });
  byId("entry-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = entry.value.trim();
    if (isCode(typed)) {
      emptyEntry();
      scanned(typed);
    } else if (typed) {
      list();
      matches.querySelector("button")?.focus();
    } else {
      entry.focus();
    }
  });
  listenToWedges(scanned);
}

function told(text) {
  const line = document.createElement("p");
  line.className = "m-0";
  line.textContent = text;
  return line;
}

export function emptyEntry() {
  entry.value = "";
  matches.replaceChildren();
}

// A button for one of the list: name, unit, and what is known of them already.
export function choice(desk, one, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-primary";
  const sub = document.createElement("span");
  sub.className = "sub";
  const came = desk.marks.of(desk.session.key, one.ticket).find((mark) => mark.kind === "in");
  const state = one.gone ? say("withdrawn") : came ? say("cameAt", { time: hour(came.at) }) : "";
  sub.textContent = [one.unit, one.post, state].filter(Boolean).join(" · ");
  button.append(one.name, sub);
  button.addEventListener("click", act);
  return button;
}

// A scanner that is a keyboard: letters in quick succession and Enter, wherever the focus is. What it typed into a box or
// a button before it could be told from a person is taken out again.
function listenToWedges(scanned) {
  let [typed, at, box, before] = ["", 0, null, ""];
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      const now = event.timeStamp;
      if (event.key === "Enter") {
        const code = now - at < BETWEEN_KEYS * 2 && isCode(typed) ? typed : "";
        typed = "";
        if (code && !document.querySelector("dialog[open]")) {
          event.preventDefault();
          event.stopPropagation();
          if (box) {
            box.value = before;
            box.dispatchEvent(new Event("input", { bubbles: true }));
          }
          scanned(code);
        }
      } else if (event.key.length === 1) {
        if (!typed || now - at > BETWEEN_KEYS) {
          typed = "";
          box = event.target.closest?.("input, textarea");
          before = box?.value ?? "";
        }
        typed += event.key;
        at = now;
      }
    },
    { capture: true },
  );
}
