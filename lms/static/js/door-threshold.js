// Before the door and after it: pairing this browser, and what is left when the list was taken away.

import * as store from "./door-store.js";
import { closingNote, saveLines } from "./door-files.js";
import { codeIn, hasLink, pairWith, refusalOf, Refused } from "./door-opening.js";
import { say } from "./door-plates.js";
import { byId, fault, showScreen } from "./door-screen.js";

// A browser that is no device yet, or was sent here with a pairing code.
export function showStart(device) {
  const [sent, code] = [hasLink(location.hash), codeIn(location.hash)];
  if (sent) {
    history.replaceState(null, "", location.pathname);
  }
  if (code) {
    askName(code);
    return;
  }
  if (device) {
    location.replace(location.pathname);
    return;
  }
  showScreen("start");
  byId("closed-note").hidden = !closingNote();
  byId("closed-note").querySelector("p + p").textContent = closingNote();
  byId("paste-form").onsubmit = (event) => {
    event.preventDefault();
    const pasted = codeIn(byId("paste").value);
    if (pasted) {
      askName(pasted);
    } else {
      refuse(say("pairingBad"));
    }
  };
  if (sent) {
    refuse(say("pairingBad"));
  }
}

function refuse(words) {
  showScreen("start");
  byId("pair-refused").hidden = false;
  byId("pair-refused").querySelector("p").textContent = words;
}

function askName(code) {
  let asking = false; // one device for one press, however often it is tapped
  showScreen("pair");
  byId("pair-name").focus();
  refusalOf(code).then((words) => {
    if (words !== null && !asking) {
      showStart(null);
      refuse(words || say("pairingBad"));
    }
  });
  byId("pair-form").onsubmit = async (event) => {
    event.preventDefault();
    const name = byId("pair-name").value.trim();
    if (asking || fault("pair-name", name ? "" : say("deviceNameMissing"))) {
      return;
    }
    asking = true;
    try {
      await pairWith(code, name);
      location.reload();
    } catch (error) {
      asking = false;
      tell(error);
    }
  };
}

function tell(error) {
  if (!(error instanceof Refused)) {
    fault("pair-name", say("pairingLost"));
  } else if (error.cause.waiting) {
    refuse(say("otherWaiting", { number: error.cause.waiting }));
  } else {
    showStart(null);
    refuse(error.message || say("pairingBad"));
  }
}

// The list is gone; what was scanned and not sent is still here, to be handed over.
export async function showGone(device) {
  showScreen("gone");
  const closed = device.gone === "closed";
  byId("gone-title").textContent = say(closed ? "goneClosed" : "goneRevoked");
  byId("gone-why").textContent = say(closed ? "goneClosedWhy" : "goneRevokedWhy");
  const left = (await store.countWaiting()) + (await store.countRefused());
  byId("gone-lines").textContent = left ? say("keptLines", { number: left }) : say("noLines");
  byId("gone-save").hidden = !left;
  byId("gone-clear").hidden = Boolean(left);
  byId("gone-save").onclick = async () => {
    await saveLines(device);
    byId("gone-clear").hidden = false;
  };
  byId("gone-clear").onclick = async () => {
    await store.wipeAll();
    location.reload();
  };
}
