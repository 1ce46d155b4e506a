// How this browser becomes a device: asked for on the server, by a session or with a pairing code, and kept.

import * as store from "./door-store.js";

const PREFIX = "#pair=";

export class Refused extends Error {}

// The pairing code in a link or in the address's own hash; null without one.
export function codeIn(text) {
  const place = text.indexOf(PREFIX);
  return place < 0 ? null : decodeURIComponent(text.slice(place + PREFIX.length).trim()) || null;
}

export function pairWith(code, name) {
  return open("/api/v1/attendance/devices", { code, name }, {});
}

export function openHere(address, name, point, token) {
  return open(address, { name, point }, { "X-CSRFToken": token });
}

// Ask, and keep what comes. Raises Refused with the server's words, or `waiting` lines of an earlier opening; TypeError
// and the like where there is no network.
async function open(address, asked, headers) {
  const waiting = await store.countWaiting();
  const known = await store.device();
  const again = known && !known.gone && address.includes(`/events/${known.event}/`);
  if (waiting && !again) {
    throw new Refused("", { cause: { waiting } });
  }
  const key = again ? known.device : crypto.randomUUID();
  const response = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: JSON.stringify({ ...asked, key, held: again ? known.token : undefined }),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || !answer.token) {
    throw new Refused(answer.errors?.[0]?.message ?? "", { cause: { status: response.status } });
  }
  const { event, device, name, point, token } = answer;
  await store.become({ event, device, name, point, token });
}
