// Keeps answers until the server has acknowledged them: in memory and in localStorage, sent one at a time, each with an
// id of its own and a counter of its question, so that whatever arrives late or twice changes nothing.

const SLOW = 400;
const PATIENCE = 10_000;
const RETRY = [1000, 2000, 5000, 10_000];

// As crypto.randomUUID, which a page without TLS does not have.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class Keeper {
  // `tell`: slow, saved(moment), lost(count), back(count, moment), over, signedOut, stale, refused(message).
  constructor(attempt, address, token, tell) {
    this.key = `lms-attempt-${attempt}`;
    this.address = address;
    this.token = token;
    this.tell = tell;
    this.seqs = new Map();
    this.waiting = this.#read();
    this.offline = false;
    this.failures = 0;
    this.sentAfterLoss = 0;
    this.stopped = false;
    this.ended = false;
    this.running = null;
    addEventListener("online", () => this.#go());
  }

  // The counter the server had when the page was made.
  knows(position, seq) {
    this.seqs.set(position, Math.max(seq, this.seqs.get(position) ?? 0, this.waiting.get(position)?.seq ?? 0));
  }

  unsent() {
    return this.waiting;
  }

  start() {
    if (this.waiting.size) {
      this.#go();
    }
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  keep(position, answer, flagged, seconds) {
    const seq = (this.seqs.get(position) ?? 0) + 1;
    this.seqs.set(position, seq);
    this.waiting.set(position, { answer, flagged, seq, seconds, id: uuid(), live: true });
    this.#write();
    this.#go();
  }

  // Send everything now; whether nothing is left unsent.
  async flush() {
    await this.#go();
    return this.waiting.size === 0;
  }

  #go() {
    clearTimeout(this.timer);
    this.running ??= this.#send().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async #send() {
    const slow = setTimeout(() => this.offline || this.stopped || this.tell.slow(), SLOW);
    let moment = null;
    try {
      while (this.waiting.size && !this.stopped) {
        const [position, kept] = this.waiting.entries().next().value;
        const answer = await this.#put(position, kept);
        if (!answer) {
          return;
        }
        if (!answer.late) {
          moment = new Date(answer.saved_at);
          this.#acknowledged(position, kept, answer);
        }
      }
    } finally {
      clearTimeout(slow);
    }
    if (this.ended) {
      this.stop();
      this.tell.over();
    } else if (moment && !this.stopped) {
      const sent = this.sentAfterLoss;
      this.failures = this.sentAfterLoss = 0;
      if (this.offline) {
        this.offline = false;
        this.tell.back(sent, moment);
      } else {
        this.tell.saved(moment);
      }
    }
  }

  async #put(position, kept) {
    let response;
    try {
      response = await fetch(`${this.address}/answers/${position}`, {
        method: "PUT",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({
          answer: kept.answer, seq: kept.seq, flagged: kept.flagged, seconds: kept.seconds ?? 0, client_id: kept.id,
        }),
        redirect: "manual",
        signal: AbortSignal.timeout(PATIENCE),
      });
    } catch {
      return this.#lost();
    }
    if (response.status >= 500 || response.status === 429) {
      return this.#lost();
    }
    if (response.ok) {
      return response.json();
    }
    return this.#refused(response, position, kept);
  }

  async #refused(response, position, kept) {
    if (response.type === "opaqueredirect" || response.status === 401) {
      this.tell.signedOut();
      return null;
    }
    const refusal = await response.json().then((body) => body.errors[0], () => null);
    if (response.status === 409) {
      // Kept by the server, not counted; the others are sent too, so that it has them all.
      this.ended = true;
      this.#drop(position, kept);
      return { late: true };
    }
    if (response.status === 404) {
      this.waiting.clear();
      this.#write();
      this.stop();
      this.tell.over();
    } else if (refusal) {
      this.#drop(position, kept);
      this.tell.refused(refusal.message);
    } else {
      this.tell.stale();
    }
    return null;
  }

  #acknowledged(position, kept, answer) {
    this.seqs.set(position, Math.max(answer.seq, this.seqs.get(position) ?? 0));
    if (!answer.stored && kept.live && this.waiting.get(position) === kept) {
      // The counter was used already by another device: go after it, as a new save.
      kept.seq = answer.seq + 1;
      kept.id = uuid();
      this.seqs.set(position, kept.seq);
      this.#write();
      return;
    }
    this.sentAfterLoss += 1;
    this.#drop(position, kept);
  }

  // Forget an answer, unless a newer one of the same question waits.
  #drop(position, kept) {
    if (this.waiting.get(position) === kept) {
      this.waiting.delete(position);
    }
    this.#write();
  }

  #lost() {
    this.offline = true;
    this.tell.lost(this.waiting.size);
    if (!this.stopped) {
      this.timer = setTimeout(() => this.#go(), RETRY[Math.min(this.failures, RETRY.length - 1)]);
    }
    this.failures += 1;
    return null;
  }

  #read() {
    try {
      const entries = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return new Map(entries.map(([position, kept]) => [position, { ...kept, live: false }]));
    } catch {
      return new Map();
    }
  }

  #write() {
    try {
      if (this.waiting.size) {
        localStorage.setItem(this.key, JSON.stringify([...this.waiting]));
      } else {
        localStorage.removeItem(this.key);
      }
    } catch {
      // Storage is full or forbidden: answers wait in memory only.
    }
  }
}
