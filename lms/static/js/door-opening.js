// How this browser becomes a device: asked for on the server, by a session or with a pairing code, and kept.

import * as store from "./door-store.js";

const PREFIX = "#pair=";
const PAIRING = "/api/v1/attendance/devices";

export class Refused extends Error {}

// The pairing code in a link or in the address's own hash; null without one.
export function codeIn(text) {
  const place = text.indexOf(PREFIX);
  try {
    return place < 0 ? null : decodeURIComponent(text.slice(place + PREFIX.length).trim()) || null;
  } catch {
    return null; // cut in the middle of a letter
  }
}

// Whether the address's own hash is a pairing link's, whole or damaged.
export function hasLink(hash) {
  return hash.startsWith(PREFIX);
}

// The server's refusal of a code ("" where it has no words), before the keeper is asked for anything; null where it is
// good, or where there is no network to tell.
export async function refusalOf(code) {
  const response = await post(PAIRING, { code, asks: true }, {}).catch(() => null);
  if (response?.status !== 422) {
    return response?.status === 404 ? "" : null;
  }
  const answer = await response.json().catch(() => ({}));
  return answer.errors?.[0]?.message ?? "";
}

export function pairWith(code, name) {
  return open(PAIRING, { code, name }, {});
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
  const response = await post(address, { ...asked, key, held: again ? known.token : undefined }, headers);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok || !answer.token) {
    throw new Refused(answer.errors?.[0]?.message ?? "", { cause: { status: response.status } });
  }
  const { event, device, name, point, token } = answer;
  await store.become({ event, device, name, point, token });
}

function post(address, asked, headers) {
  return fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: JSON.stringify(asked),
  });
}
