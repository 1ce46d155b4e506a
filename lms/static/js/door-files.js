// Lines that could not be sent, as a file that `lms attendance sync` and the organizer's page take.

import * as store from "./door-store.js";

// Offer the lines that wait and those that were refused; gives the file's `name` and which lines it holds: a set of `queue:1`.
export async function saveLines(device) {
  const [waiting, refused] = await Promise.all(["queue", "refused"].map((name) => store.lines(name)));
  const header = { batch: crypto.randomUUID(), device: device.device, sent_at: new Date().toISOString() };
  const rows = [header, ...waiting.map((one) => one.line), ...refused.map((one) => one.line)];
  const text = rows.map((one) => JSON.stringify(one)).join("\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`${text}\n`], { type: "application/x-ndjson" }));
  link.download = `diem-danh-${device.event}-${device.device.slice(0, 8)}.ndjson`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  const held = [...waiting.map((one) => `queue:${one.id}`), ...refused.map((one) => `refused:${one.id}`)];
  return { name: link.download, held: new Set(held) };
}

const CLOSED = "door-closed";

// What the last screen says of a device that was closed here, until it is opened again. It names nobody.
export function noteClosing(words) {
  localStorage.setItem(CLOSED, words);
}

export function closingNote() {
  return localStorage.getItem(CLOSED) ?? "";
}

export function forgetClosing() {
  localStorage.removeItem(CLOSED);
}
