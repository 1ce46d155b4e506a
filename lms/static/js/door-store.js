// What the device keeps: in IndexedDB, sealed with keys that the browser does not give out (AES-GCM, RFC 5116).
//
// Two keys. The list's seals the pack, the marks and the settings; taking the key away wipes them. The lines' seals what
// is still to be sent and the device's token: it stays until nothing waits, for scans must outlive a revoked list.

const [STATE, QUEUE, SENT, REFUSED] = ["state", "queue", "sent", "refused"];
const LIST_KEY = "list-key";
const LINES_KEY = "lines-key";
const OF_THE_LIST = ["pack", "marks", "settings", "walk-ins", "last", "etag"];
const DURABLE = { durability: "strict" };

let opening = null;
const keys = new Map();

function database() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("door", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STATE);
      request.result.createObjectStore(QUEUE, { autoIncrement: true });
      request.result.createObjectStore(SENT);
      request.result.createObjectStore(REFUSED, { autoIncrement: true });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

function answer(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

// One transaction: `act` asks for everything at once; resolves when it is written.
async function write(stores, act) {
  const transaction = (await database()).transaction(stores, "readwrite", DURABLE);
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onerror = transaction.onabort = () => reject(transaction.error);
  });
  act(...stores.map((name) => transaction.objectStore(name)));
  await done;
}

async function read(store, ask) {
  return answer(ask((await database()).transaction(store).objectStore(store)));
}

// ── Sealing ──

async function keyOf(name) {
  if (!keys.has(name)) {
    keys.set(name, await read(STATE, (state) => state.get(name)));
  }
  return keys.get(name);
}

function drawKey() {
  return crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function seal(name, value) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(name), plain) };
}

async function unseal(name, sealed) {
  const key = await keyOf(name);
  if (!sealed || !key) {
    return null;
  }
  const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, key, sealed.data);
  return JSON.parse(new TextDecoder().decode(plain));
}

// ── The device ──

// `{event, device, name, point, token}` of the device that this browser is, or null.
export async function device() {
  return unseal(LINES_KEY, await read(STATE, (state) => state.get("device")));
}

// Become this device. What another one left goes, save for lines not sent yet: ask `waiting` before.
export async function become(told) {
  const known = await device();
  const same = known?.device === told.device && (await keyOf(LIST_KEY));
  if (!same) {
    const [list, lines] = [await drawKey(), (await keyOf(LINES_KEY)) ?? (await drawKey())];
    await write([STATE, SENT], (state, sent) => {
      OF_THE_LIST.forEach((name) => state.delete(name));
      sent.clear();
      state.put(list, LIST_KEY);
      state.put(lines, LINES_KEY);
    });
    keys.clear();
  }
  await remember(told);
}

// Change what is known of the device itself.
export async function remember(told) {
  const sealed = await seal(LINES_KEY, told);
  await write([STATE], (state) => state.put(sealed, "device"));
}

// Take the list away for good: its key, and all that it sealed. Lines not sent stay.
export async function wipeList() {
  await write([STATE, SENT], (state, sent) => {
    [LIST_KEY, ...OF_THE_LIST].forEach((name) => state.delete(name));
    sent.clear();
  });
  keys.delete(LIST_KEY);
}

export async function wipeAll() {
  await write([STATE, QUEUE, SENT, REFUSED], (...stores) => stores.forEach((store) => store.clear()));
  keys.clear();
}

// ── What belongs to the list ──

export async function kept(name) {
  return unseal(LIST_KEY, await read(STATE, (state) => state.get(name)));
}

export async function keep(name, value) {
  const sealed = await seal(LIST_KEY, value);
  await write([STATE], (state) => state.put(sealed, name));
}

// Keep the marks, and forget the sent lines that they already hold.
export async function keepMarks(marks, held) {
  const sealed = await seal(LIST_KEY, marks);
  await write([STATE, SENT], (state, sent) => {
    state.put(sealed, "marks");
    held.forEach((id) => sent.delete(id));
  });
}

// ── Lines ──

// Put a line in the queue, with what else must stand or fall with it; durable when this resolves.
export async function commit(line, beside = {}) {
  const sealed = await seal(LINES_KEY, line);
  const others = await Promise.all(Object.entries(beside).map(async ([name, value]) => [name, await seal(LIST_KEY, value)]));
  await write([QUEUE, STATE], (queue, state) => {
    queue.add(sealed);
    others.forEach(([name, value]) => state.put(value, name));
  });
}

export function countWaiting() {
  return read(QUEUE, (queue) => queue.count());
}

export function countRefused() {
  return read(REFUSED, (refused) => refused.count());
}

// Lines with their ids, the oldest first. `store` is "queue", "sent" or "refused".
export async function lines(store = QUEUE, most = undefined) {
  const transaction = (await database()).transaction(store);
  const kept = transaction.objectStore(store);
  const [ids, sealed] = await Promise.all([answer(kept.getAllKeys(null, most)), answer(kept.getAll(null, most))]);
  return Promise.all(ids.map(async (id, place) => ({ id, sealed: sealed[place], line: await unseal(LINES_KEY, sealed[place]) })));
}

// The server answered: lines it took move to those sent, lines it refused to those refused.
export async function settle(taken, refused) {
  await write([QUEUE, SENT, REFUSED], (queue, sent, not) => {
    taken.forEach(({ id, sealed }) => {
      sent.put(sealed, id);
      queue.delete(id);
    });
    refused.forEach(({ id, sealed }) => {
      not.add(sealed);
      queue.delete(id);
    });
  });
}

// What was saved as a file waits no more.
export async function dropLines(ids) {
  await write([QUEUE], (queue) => ids.forEach((id) => queue.delete(id)));
}
