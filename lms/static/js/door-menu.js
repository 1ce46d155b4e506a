// What is not done with every badge: another half-day, paper, someone who is not on the list, the device itself.

import * as store from "./door-store.js";
import { noteClosing, saveLines } from "./door-files.js";
import { choice } from "./door-finding.js";
import { hour, pointName, say } from "./door-plates.js";
import { byId, closeDialogs, fault } from "./door-screen.js";
import { sameName } from "./door-verdicts.js";

// `acts`: letIn(ticket), walkIn(person), startKiosk(code), hasCamera() → a promise, closed().
export function startMenu(desk, acts) {
  byId("menu-open").addEventListener("click", () => {
    fillMenu(desk);
    byId("menu").showModal();
  });
  byId("session").addEventListener("change", (event) => desk.set({ session: event.target.value }));
  for (const one of document.querySelectorAll("[name=method]")) {
    one.addEventListener("change", () => desk.set({ method: one.value, kind: "in" }));
  }
  for (const button of document.querySelectorAll("[data-opens]")) {
    button.addEventListener("click", () => {
      closeDialogs();
      OPENERS[button.dataset.opens](desk);
      byId(button.dataset.opens).showModal();
    });
  }
  for (const kind of ["in", "out"]) {
    byId(`kind-${kind}`).addEventListener("click", () => desk.set({ kind, ...(kind === "out" ? { method: "qr" } : {}) }));
  }
  startWalkIn(desk, acts);
  startDevice(desk, acts);
  startUnattended(acts);
}

// Without a camera the device is left alone only once the keeper has read that a scanner must do.
function startUnattended(acts) {
  let warned = false;
  byId("kiosk").addEventListener("close", () => (warned = false));
  byId("kiosk-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const code = byId("kiosk-code").value.trim();
    if (fault("kiosk-code", /^\d{4}$/.test(code) ? "" : say("codeShape"))) {
      return;
    }
    if (!warned && !(await acts.hasCamera())) {
      warned = true;
      fault("kiosk-code", say("kioskWarning"));
      return;
    }
    closeDialogs();
    acts.startKiosk(code);
  });
}

const OPENERS = {
  "walk-in": fillWalkIn,
  kiosk: () => {
    byId("kiosk-form").reset();
    fault("kiosk-code", "");
  },
  device: fillDevice,
};

function option(value, text) {
  return new Option(text, value);
}

function fillMenu(desk) {
  byId("session").replaceChildren(...desk.pack.sessions.map((one) => option(one.key, one.name)));
  byId("session").value = desk.session.key;
  byId(`method-${desk.settings.method}`).checked = true;
}

// ── Who is not on the list ──

function fillWalkIn(desk) {
  byId("walk-in-form").reset();
  ["walk-in-name", "walk-in-unit"].forEach((id) => fault(id, ""));
  byId("walk-in-known").replaceChildren();
  const units = desk.pack.units.map(([id, name]) => option(id, name));
  units.sort((one, other) => one.text.localeCompare(other.text, "vi"));
  byId("walk-in-unit").replaceChildren(option("", ""), ...units);
}

function startWalkIn(desk, { letIn, walkIn }) {
  let warned = "";
  byId("walk-in-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const [name, unit, post] = ["name", "unit", "post"].map((one) => byId(`walk-in-${one}`));
    const full = name.value.normalize("NFC").replace(/\s+/g, " ").trim();
    const missing = fault("walk-in-unit", unit.value ? "" : say("unitMissing"));
    if (fault("walk-in-name", full ? "" : say("nameMissing")) || missing) {
      return;
    }
    const known = sameName(desk.people, full);
    if (known.length && warned !== full) {
      warned = full;
      fault("walk-in-name", say("onList"));
      const choose = (one) => {
        closeDialogs();
        letIn(one.ticket);
      };
      byId("walk-in-known").replaceChildren(...known.map((one) => choice(desk, one, () => choose(one))));
      return;
    }
    closeDialogs();
    walkIn({ name: full, unitId: Number(unit.value), unit: unit.selectedOptions[0].text, post: post.value.trim() });
  });
}

// ── The device ──

async function fillDevice(desk) {
  const { device, pack } = desk;
  fault("device", "");
  byId("device-name").textContent = device.name;
  byId("device-event").textContent = pack.event.title;
  byId("device-point").textContent = pack.point === null ? say("everyPoint") : pointName(desk, pack.point);
  const named = [...desk.people.values()].filter((one) => one.name && !one.gone).length;
  byId("device-list").textContent = say("listFresh", { number: named, time: hour(desk.sync.heardAt ?? desk.now()) });
  const ready = byId("app").hasAttribute("data-kept");
  byId("device-offline").textContent = say(ready ? "offlineReady" : "offlineNotReady");
  byId("device-waiting").textContent = String(desk.waiting);
  const refused = byId("device-refused");
  refused.textContent = say("refused", { number: desk.refused });
  refused.hidden = !desk.refused;
  byId("device-save").hidden = !desk.waiting && !desk.refused;
}

function startDevice(desk, { closed }) {
  let saved = { name: "", held: new Set() };
  byId("device-save").addEventListener("click", async () => {
    saved = await saveLines(desk.device);
  });
  const close = async (note) => {
    desk.sync.stop();
    await store.wipeAll();
    noteClosing(note);
    closed();
  };
  byId("device-close").addEventListener("click", async () => {
    await desk.sendAll();
    const [waiting, refused] = await Promise.all(["queue", "refused"].map((name) => store.lines(name)));
    await fillDevice(desk);
    const number = waiting.filter((one) => !saved.held.has(`queue:${one.id}`)).length;
    const unread = refused.some((one) => !saved.held.has(`refused:${one.id}`));
    if (fault("device", number ? say("stillWaiting", { number }) : unread ? say("refusedUnsaved") : "")) {
      return;
    }
    const inFile = waiting.length + refused.length;
    const note = inFile ? say("onlyInFile", { number: inFile, file: saved.name }) : say("noLines");
    if (!inFile) {
      await desk.sync.close();
      await close(note);
      return;
    }
    closeDialogs();
    byId("closing-words").textContent = note;
    byId("closing-silent").hidden = !desk.sync.offline;
    byId("closing-close").onclick = async () => {
      if (!waiting.length) {
        await desk.sync.close();
      }
      await close(note);
    };
    byId("closing").showModal();
  });
}
