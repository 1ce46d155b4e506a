// The desk of one device at one event: its list, who is in, and the acts of the door. No pictures here: `tell` shows them.

import * as store from "./door-store.js";
import { Marks } from "./door-marks.js";
import { Sync } from "./door-sync.js";
import { drawTicket, isNow, judge, normalise, pickSession, readList, secondTickets } from "./door-verdicts.js";

const UNDO_WITHIN = 10 * 60_000;
const MINUTE = 60_000;
const KEEP_AFTER = 1_500; // ms from a change of the marks until they are written
const KEEP_MANY_AFTER = 15_000;
const MANY = 5_000;

export class Desk {
  #keeping = null;
  #turn = Promise.resolve();
  #owed = 0; // lines that waited while there was no network, told once they are sent
  #refusedNow = 0; // of those, what the server did not take
  #fresh = new Set(); // scans that brought in someone who, to this device's knowledge, had not been in

  // `tell` hears: changed(), earlier(uuid, {at, device}), found(a ticket that was unknown a moment ago),
  // sent(how many lines that waited without a network), gone(why).
  constructor(device, tell) {
    this.device = device;
    this.tell = tell;
    this.waiting = 0;
    this.refused = 0;
    this.pack = null;
  }

  async open() {
    const [pack, marks, walkIns, settings, last] = await Promise.all(
      ["pack", "marks", "walk-ins", "settings", "last"].map((name) => store.kept(name)),
    );
    this.walkIns = walkIns ?? [];
    this.settings = { session: null, kind: "in", method: "qr", kiosk: null, ...settings };
    this.last = last;
    this.marks = new Marks(marks?.rows, marks?.gone);
    this.sync = new Sync(this.device, marks?.cursor, {
      answered: (lines, changes) => this.#answered(lines, changes),
      packed: (fresh) => this.#take(fresh),
      state: () => this.#count(),
      gone: (why) => this.#gone(why),
    });
    for (const name of ["sent", "queue"]) {
      (await store.lines(name)).forEach(({ line }) => this.#replay(line));
    }
    await this.#count();
    if (pack) {
      this.#take(pack);
    }
    addEventListener("pagehide", () => this.#keepMarks());
    if (this.pack && this.now() > Date.parse(this.pack.event.closes_at)) {
      this.#gone("closed");
      return;
    }
    this.sync.start();
  }

  // The server's clock, as far as it is known (ms).
  now() {
    return Date.now() + this.sync.cursor.offset;
  }

  get session() {
    const chosen = this.pack.sessions.find((one) => one.key === this.settings.session);
    return chosen ?? pickSession(this.pack.sessions, this.now());
  }

  // The half-day that the clock means, where another one was chosen and is not now.
  get rather() {
    const [here, meant] = [this.session, pickSession(this.pack.sessions, this.now())];
    return isNow(here, this.now()) || meant.key === here.key ? null : meant;
  }

  get isOffDay() {
    return !isNow(this.session, this.now());
  }

  get here() {
    const { people, marks, pack, session, settings } = this;
    return { people, marks, point: pack.point, session: session.key, kind: settings.kind };
  }

  async set(change) {
    this.settings = { ...this.settings, ...change };
    await store.keep("settings", this.settings);
    this.tell.changed();
  }

  deviceName(key) {
    return this.pack.devices?.find(([known]) => known === key)?.[1] ?? "";
  }

  // ── Acts; one after the other, so that two scans of one badge never both find nobody in ──

  // Judge a ticket and, where it is welcome, write that down first. The answer of `judge` with `uuid` and `ticket`.
  scan(written, { method = this.settings.method, exception = "", walkIn = null, kind = this.settings.kind } = {}) {
    return this.#inTurn(async () => {
      const read = normalise(written) ?? written.trim();
      const ticket = this.seconds.get(read) ?? read;
      const here = { ...this.here, kind };
      const answer = { ...judge(here, ticket, exception), ticket, method, kind };
      this.unknown = answer.verdict === "not-listed" ? ticket : null;
      if (this.unknown) {
        this.sync.refreshSoon();
      }
      if (answer.verdict !== "welcome") {
        return answer;
      }
      return { ...answer, ...(await this.#write(ticket, method, { exception, walkIn, kind, again: answer.again })) };
    });
  }

  // Put someone on the list who is not, and let them in: {name, unitId, unit, post}; the answer of their scan.
  async walkIn({ name, unitId, unit, post }) {
    const ticket = drawTicket();
    this.walkIns = [...this.walkIns, { ticket, name, unit, post }];
    this.people = readList(this.pack, this.walkIns);
    const told = { full_name: name, unit: unitId, post };
    return this.scan(ticket, { method: "manual", walkIn: told, kind: "in" });
  }

  get canUndo() {
    return Boolean(this.last) && Date.now() - this.last.at <= UNDO_WITHIN;
  }

  // Take the last scan back; gives whom it was about.
  undo() {
    return this.#inTurn(async () => {
      const last = this.last;
      if (!this.canUndo) {
        return null;
      }
      const line = { annulment: crypto.randomUUID(), of: last.uuid, at: new Date().toISOString() };
      await store.commit(line, { last: null });
      this.last = null;
      this.marks.takeBack(last.uuid);
      this.#changed();
      return this.people.get(last.ticket) ?? null;
    });
  }

  // Send what waits, now; resolves when it was tried.
  async sendAll() {
    await this.#turn;
    await this.sync.now();
    await this.#count();
  }

  async #write(ticket, method, { exception, walkIn, kind, again }) {
    const [uuid, moment] = [crypto.randomUUID(), this.#moment(method)];
    const seq = this.settings.seq = (this.settings.seq ?? 0) + 1;
    const session = this.session.key;
    const line = { scan: uuid, seq, session, ticket, kind, at: new Date(moment).toISOString(), method };
    if (exception) {
      line.exception = exception;
    }
    if (walkIn) {
      line.walk_in = walkIn;
    }
    const last = { uuid, ticket, at: Date.now() };
    const beside = { last, settings: this.settings, ...(walkIn ? { "walk-ins": this.walkIns } : {}) };
    await store.commit(line, beside);
    this.last = last;
    this.#replay(line);
    if (!again) {
      this.#fresh.add(uuid);
    }
    this.#changed();
    return { uuid, at: moment + this.sync.cursor.offset };
  }

  // When it happened, on the device's clock: of a signature only that it was before the half-day began, or now.
  #moment(method) {
    const now = Date.now();
    return method === "sheet" ? Math.min(now, Date.parse(this.session.starts_at) - this.sync.cursor.offset - MINUTE) : now;
  }

  #inTurn(act) {
    const done = this.#turn.then(act);
    this.#turn = done.catch(() => undefined);
    return done;
  }

  // ── What is heard ──

  #replay(line) {
    if (line.annulment) {
      this.marks.takeBack(line.of);
      return;
    }
    const at = Date.parse(line.at) + this.sync.cursor.offset;
    const { ticket, session, kind } = line;
    this.marks.add({ ticket, session, kind, at, uuid: line.scan, device: this.device.device });
  }

  #answered(lines, changes) {
    changes.marks.forEach(([ticket, session, kind, at, uuid, device]) =>
      this.marks.add({ ticket, session, kind, at: Date.parse(at), uuid, device }),
    );
    changes.voided.forEach((uuid) => this.marks.takeBack(uuid));
    for (const { line, receipt } of lines) {
      const other = receipt.earlier && receipt.earlier.device !== this.device.device;
      if (other && this.#fresh.delete(line.scan)) {
        this.tell.earlier(line.scan, { at: Date.parse(receipt.earlier.at), device: receipt.earlier.device });
      }
    }
    this.#refusedNow += this.#owed ? lines.filter(({ receipt }) => receipt.status === "refused").length : 0;
    if (lines.length || changes.marks.length || changes.voided.length) {
      this.#keepSoon();
    }
    this.#count();
  }

  #take(pack) {
    this.pack = pack;
    this.seconds = secondTickets(pack);
    this.people = readList(pack, this.walkIns);
    this.tell.changed();
    if (this.people.has(this.seconds.get(this.unknown) ?? this.unknown)) {
      this.tell.found(this.unknown);
    }
  }

  #changed() {
    this.sync.poke();
    this.#count();
  }

  async #count() {
    [this.waiting, this.refused] = await Promise.all([store.countWaiting(), store.countRefused()]);
    this.tell.changed();
    if (this.sync.offline) {
      this.#owed = Math.max(this.#owed, this.waiting);
    } else if (this.#owed && !this.waiting) {
      const number = this.#owed - this.#refusedNow;
      [this.#owed, this.#refusedNow] = [0, 0];
      this.tell.sent(number);
    }
  }

  async #gone(why) {
    clearTimeout(this.#keeping);
    this.sync.stop();
    await store.wipeList();
    await store.remember({ ...this.device, gone: why });
    this.tell.gone(why);
  }

  // ── Keeping the marks: not at every scan, for the lines bear those already ──

  #keepSoon() {
    this.#keeping ??= setTimeout(() => this.#keepMarks(), this.marks.size > MANY ? KEEP_MANY_AFTER : KEEP_AFTER);
  }

  async #keepMarks() {
    clearTimeout(this.#keeping);
    this.#keeping = null;
    const held = (await store.lines("sent")).map((one) => one.id);
    await store.keepMarks({ ...this.marks.asRows(), cursor: this.sync.cursor }, held).catch(() => undefined);
  }
}
