// The check-in app (docs/attendance.md): shows what the device is, and at the desk brings scan, answer and sending together.

import * as store from "./door-store.js";
import { hasCamera, watch } from "./door-camera.js";
import { Desk } from "./door-desk.js";
import { forgetClosing } from "./door-files.js";
import { startFinding } from "./door-finding.js";
import { startKiosk } from "./door-kiosk.js";
import { startMenu } from "./door-menu.js";
import { hasLink } from "./door-opening.js";
import { earlierPlate, plateOf, say, troublePlate, undonePlate } from "./door-plates.js";
import { byId, clearPlate, fault, lasts, refreshPlate, showPlate, showScreen, showSent, showState, shownPlate } from "./door-screen.js";
import { showGone, showStart } from "./door-threshold.js";

const GONE_AFTER = 1_500; // ms out of sight before the same badge counts as shown again
const LET_GO = 1_000; // ms for a window that closes to give up the door
const LOOK_AT_CLOCK = 30_000;
const { worker, reader } = byId("app").dataset;

keepForOffline();
useOneWindow();
addEventListener("hashchange", () => hasLink(location.hash) && location.reload()); // a link opened in this very tab

// The files of the app, for a start without a network. A newer version takes over now, before anything is under way.
async function keepForOffline() {
  if (!navigator.serviceWorker) {
    return;
  }
  const workers = navigator.serviceWorker;
  workers.ready.then(() => byId("app").toggleAttribute("data-kept", true));
  const held = Boolean(workers.controller);
  const registration = await workers.register(worker).catch(() => null);
  if (held && registration?.waiting) {
    workers.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting.postMessage("take-over");
  }
}

// Only one window keeps the door: two would judge from different marks. Another one may take it over.
function useOneWindow(steal = false) {
  const elsewhere = () => {
    showScreen("elsewhere");
    byId("steal").onclick = () => useOneWindow(true);
  };
  if (!navigator.locks) {
    start();
    return;
  }
  const asked = steal ? { steal: true } : { signal: AbortSignal.timeout(LET_GO) };
  const keep = async () => {
    await start();
    await new Promise(() => undefined); // until the window closes or another takes over
  };
  navigator.locks.request("door", asked, keep).catch((error) => {
    if (error.name === "AbortError") {
      location.reload(); // another window took over
    } else if (error.name === "TimeoutError") {
      elsewhere();
    } else {
      throw error;
    }
  });
}

async function start() {
  navigator.storage?.persist?.();
  const device = await store.device();
  if (device?.gone) {
    showGone(device);
  } else if (!device || hasLink(location.hash)) {
    showStart(device);
  } else {
    forgetClosing();
    await keepDoor(device);
  }
}

// ── The desk ──

async function keepDoor(device) {
  let stopCamera = null;
  let lastSeen = { text: "", at: 0 };
  const desk = new Desk(device, {
    changed: () => desk.pack && update(),
    earlier: (uuid, earlier) => {
      const plate = shownPlate();
      if (plate?.uuid === uuid) {
        showPlate(earlierPlate(plate, earlier, desk));
      }
    },
    found: (code) => shownPlate()?.code === code && scanned(code),
    sent: (number) => number > 0 && showSent(number),
    gone: () => location.reload(),
  });
  const update = () => {
    showState(desk);
    ["in", "out"].forEach((kind) => byId(`kind-${kind}`).setAttribute("aria-pressed", String(desk.settings.kind === kind)));
    byId("undo").hidden = !desk.canUndo;
    byId("undo-name").textContent = desk.people.get(desk.last?.ticket)?.name ?? "";
    refreshPlate();
  };
  lasts.ready = () => readyWords(desk);
  lasts.cleared = () => {
    byId("scan").hidden = !hasCamera || lasts.watching;
    byId("scan").textContent = say("on");
  };

  const show = (act) =>
    act.then(
      (plate) => {
        showPlate(plate);
        byId("scan").hidden = false;
        byId("scan").textContent = say("next");
      },
      () => showPlate(troublePlate(say("notWritten"), say("notWrittenDetail"))),
    );
  const admit = (code, how) =>
    show(
      desk.scan(code, how).then((answer) => {
        const unhurried = how?.method === "manual" || Boolean(how?.exception); // someone typed, and looks up now
        return { ...plateOf(answer, desk), method: how?.method, unhurried };
      }),
    );
  const scanned = (code) => desk.pack && admit(code, desk.settings.kiosk ? { method: "kiosk" } : {});
  const chosen = (ticket) => admit(ticket, { method: "manual" });

  const seen = (text) => {
    const now = Date.now();
    const same = text === lastSeen.text && now - lastSeen.at < GONE_AFTER;
    lastSeen = { text, at: now };
    if (!same) {
      scanned(text);
    }
  };
  // Gives whether the camera runs; without one says so on the plate, unless `quiet`.
  const startCamera = async (quiet = false) => {
    byId("camera").hidden = false;
    try {
      stopCamera ??= await watch(byId("camera").querySelector("video"), seen, reader);
      lasts.watching = true;
      clearPlate();
      keepAwake();
    } catch {
      byId("camera").hidden = true;
      if (!quiet) {
        showPlate(troublePlate(say(desk.settings.kiosk ? "kioskNoCamera" : "noCamera"), "", "camera"));
      }
    }
    return lasts.watching;
  };
  byId("scan").addEventListener("click", () => {
    clearPlate();
    if (hasCamera && !lasts.watching) {
      startCamera();
    }
  });
  byId("undo").addEventListener("click", () => show(desk.undo().then(undonePlate)));
  byId("exception-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const reason = byId("exception-reason").value.replace(/\s+/g, " ").trim();
    const plate = shownPlate();
    if (!fault("exception", reason ? "" : say("reasonMissing"))) {
      byId("exception-reason").value = "";
      admit(plate.exception, { exception: reason, kind: "in", ...(plate.method ? { method: plate.method } : {}) });
    }
  });
  startFinding(desk, { scanned, chosen });
  startMenu(desk, {
    letIn: (ticket) => admit(ticket, { method: "manual", kind: "in" }),
    walkIn: (one) => show(desk.walkIn(one).then((answer) => ({ ...walkedIn(plateOf(answer, desk), answer), unhurried: true }))),
    startKiosk: (code) => desk.set({ kiosk: code, kind: "in", method: "qr", session: null }).then(kiosk.enter),
    hasCamera: async () => lasts.watching || startCamera(true),
    closed: () => location.reload(),
  });
  const kiosk = startKiosk(desk, startCamera);

  showScreen("desk");
  byId("place").textContent = device.name;
  clearPlate();
  await desk.open();
  if (desk.settings.kiosk) {
    kiosk.enter();
  } else {
    offerCamera(startCamera);
  }
  setInterval(() => desk.pack && update(), LOOK_AT_CLOCK);
}

function readyWords(desk) {
  if (!desk.pack) {
    return { word: say("loading"), detail: say("loadingDetail") };
  }
  const { kind, method, kiosk } = desk.settings;
  const word = kind === "out" ? "readyOut" : method === "sheet" ? "readySheet" : "ready";
  return { word: say(word), detail: say(!kiosk ? "howTo" : lasts.watching ? "kioskHowTo" : "kioskScanner") };
}

function walkedIn(plate, answer) {
  return answer.verdict === "welcome" ? { ...plate, detail: say("walkedIn", { ticket: answer.ticket }) } : plate;
}

// ── Camera and screen ──

function offerCamera(startCamera) {
  if (!hasCamera) {
    return;
  }
  byId("scan").hidden = false;
  navigator.permissions?.query({ name: "camera" }).then(
    (permission) => permission.state === "granted" && startCamera(),
    () => undefined,
  );
}

async function keepAwake() {
  const ask = () => navigator.wakeLock?.request("screen").catch(() => undefined);
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  await ask();
}
