// The devices page: "Mở trên máy này" makes this browser a door device and goes to the app.

import { openHere, Refused } from "./door-opening.js";

const form = document.getElementById("open-form");
const [name, point] = ["open-name", "open-point"].map((id) => document.getElementById(id));
const wrong = document.getElementById("open-error");
const says = form.dataset;
document.getElementById("open-panel").hidden = false;

function refuse(text) {
  wrong.textContent = text;
  wrong.hidden = !text;
  name.setAttribute("aria-invalid", String(Boolean(text)));
  if (text) {
    name.focus();
  }
}

let asking = false; // one device for one press, however often it is tapped

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (asking) {
    return;
  }
  refuse("");
  if (!name.value.trim()) {
    refuse(says.nameMissing);
    return;
  }
  const token = document.querySelector('meta[name="csrf-token"]').content;
  asking = true;
  try {
    await openHere(form.action, name.value.trim(), Number(point?.value) || null, token);
    location.assign(says.door);
  } catch (fault) {
    asking = false;
    const waits = fault instanceof Refused && fault.cause?.waiting;
    refuse(waits ? says.waiting.replace("{number}", waits) : (fault instanceof Refused && fault.message) || says.lost);
  }
});
