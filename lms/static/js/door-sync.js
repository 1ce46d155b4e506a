// Sends what waits and hears what other devices did; never loses a line: one leaves the queue only when it was answered.

import * as store from "./door-store.js";

const MOST_LINES = 200;
const PULSE = 10_000; // ms between two looks for what others did
const PACK_EVERY = 120_000;
const PACK_AT_MOST_EVERY = 5_000; // for a ticket that is not on the list
const GIVE_UP = 20_000; // ms until a request without an answer counts as lost
const PAUSES = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000];
const GONE = { "device-unknown": "revoked", "device-revoked": "revoked", "event-closed": "closed" };

class Gone extends Error {}

// `tell` hears: answered(lines with their receipts, changes), packed(pack), state({offline, heardAt}), gone(why).
export class Sync {
  #device;
  #tell;
  #timer = null;
  #busy = false;
  #again = false;
  #stopped = false;
  #failures = 0;
  #packAt = 0;
  #idle = [];
  #refreshing = null;

  constructor(device, cursor, tell) {
    this.#device = device;
    this.#tell = tell;
    this.cursor = { after: 0, since: null, offset: 0, ...cursor };
    this.offline = false;
  }

  start() {
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#cut);
    document.addEventListener("visibilitychange", this.#wake);
    this.poke();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#refreshing);
    removeEventListener("online", this.#wake);
    removeEventListener("offline", this.#cut);
    document.removeEventListener("visibilitychange", this.#wake);
  }

  #wake = () => {
    this.#failures = 0;
    this.poke();
  };

  #cut = () => this.#say(true);

  // Exchange at once, or once more when an exchange is under way.
  poke() {
    this.#again = true;
    if (!this.#busy && !this.#stopped) {
      this.#turn();
    }
  }

  // Exchange until nothing waits or it fails; resolves then.
  async now() {
    while (this.#busy) {
      await new Promise((resolve) => {
        this.#idle.push(resolve);
      });
    }
    if (!this.#stopped) {
      await this.#turn();
    }
  }

  // Tell the server that this device closes for good, everything sent; without a network it cannot know.
  async close() {
    this.stop();
    const header = { batch: crypto.randomUUID(), device: this.#device.device, sent_at: new Date().toISOString() };
    const body = JSON.stringify({ ...header, waiting: 0, closing: true });
    const headers = { "Content-Type": "application/x-ndjson" };
    await this.#fetch("batches", { method: "POST", headers, body }).catch(() => undefined);
  }

  // The list anew, but not for each of a row of unknown tickets.
  refreshSoon() {
    clearTimeout(this.#refreshing);
    const ask = () => {
      this.#packAt = 0;
      this.poke();
    };
    this.#refreshing = setTimeout(ask, Math.max(0, this.#packAt + PACK_AT_MOST_EVERY - Date.now()));
  }

  async #turn() {
    clearTimeout(this.#timer);
    this.#busy = true;
    let pause = PULSE;
    do {
      this.#again = false;
      try {
        await this.#exchange();
        if (Date.now() - this.#packAt > PACK_EVERY) {
          await this.refresh();
        }
        this.#failures = 0;
        pause = PULSE;
        this.#say(false);
      } catch (fault) {
        if (fault instanceof Gone) {
          this.stop();
          this.#idle.splice(0).forEach((resolve) => resolve());
          this.#tell.gone(GONE[fault.message]);
          return;
        }
        pause = PAUSES[Math.min(this.#failures, PAUSES.length - 1)];
        this.#failures += 1;
        this.#say(true);
      }
    } while (this.#again && !this.offline && !this.#stopped);
    this.#busy = false;
    this.#idle.splice(0).forEach((resolve) => resolve());
    if (!this.#stopped) {
      this.#timer = setTimeout(() => this.#turn(), pause);
    }
  }

  #say(offline) {
    this.offline = offline;
    this.#tell.state({ offline });
  }

  // One batch out, its receipts and the news of others in.
  async #exchange() {
    const sending = await store.lines("queue", MOST_LINES);
    const waiting = (await store.countWaiting()) - sending.length;
    const sentAt = Date.now();
    const header = {
      batch: crypto.randomUUID(),
      device: this.#device.device,
      sent_at: new Date(sentAt).toISOString(),
      waiting,
      after: this.cursor.after,
      since: this.cursor.since,
    };
    const body = [header, ...sending.map((one) => one.line)].map((one) => JSON.stringify(one)).join("\n");
    const response = await this.#fetch("batches", {
      method: "POST",
      headers: { "Content-Type": "application/x-ndjson" },
      body,
    });
    if (!response.ok) {
      throw new Error(String(response.status));
    }
    const answer = await response.json();
    const receipts = new Map(answer.scans.map((one) => [one.scan, one]));
    const answered = sending
      .map((one) => ({ ...one, receipt: receipts.get(one.line.scan ?? one.line.annulment) }))
      .filter((one) => one.receipt);
    const refused = answered.filter((one) => one.receipt.status === "refused");
    await store.settle(answered.filter((one) => one.receipt.status !== "refused"), refused);
    this.#hear(answer.changes, sentAt);
    this.#tell.answered(answered, answer.changes);
    this.#again ||= answer.changes.more || waiting > 0;
  }

  #hear(changes, sentAt) {
    this.heardAt = Date.parse(changes.now);
    const offset = Date.parse(changes.now) - (sentAt + Date.now()) / 2;
    this.cursor = { after: changes.after, since: changes.now, offset };
  }

  // Ask for the list; unchanged costs a header only.
  async refresh() {
    const etag = await store.kept("etag");
    const response = await this.#fetch("pack", { cache: "no-store", headers: etag ? { "If-None-Match": etag } : {} });
    if (response.status !== 304 && !response.ok) {
      throw new Error(String(response.status));
    }
    this.#packAt = Date.now();
    if (response.status === 304) {
      return;
    }
    const pack = await response.json();
    await store.keep("pack", pack);
    await store.keep("etag", response.headers.get("ETag"));
    this.#tell.packed(pack);
  }

  async #fetch(what, options) {
    const address = `/api/v1/events/${this.#device.event}/attendance/${what}`;
    const headers = { ...options.headers, Authorization: `Bearer ${this.#device.token}` };
    const response = await fetch(address, { ...options, headers, signal: AbortSignal.timeout(GIVE_UP) });
    if ([401, 403, 410].includes(response.status)) {
      // only what this server says itself: a hotel's sign-in page may answer 403 too
      const told = await response.json().catch(() => ({}));
      const code = told.errors?.[0]?.code;
      if (code in GONE) {
        throw new Gone(code);
      }
    }
    return response;
  }
}
