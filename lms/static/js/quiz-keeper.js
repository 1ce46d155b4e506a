// Keeps answers until the server has acknowledged them: in memory and in localStorage, sent one at a time, each with a
// counter of its question, so that whatever arrives late or twice changes nothing.

const SLOW = 400;
const PATIENCE = 10_000;
const RETRY = [1000, 2000, 5000, 10_000];

export class Keeper {
  // `tell`: slow, saved(moment), lost(count), back(count, moment), over(late), signedOut, stale, refused(message).
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

  count() {
    return this.waiting.size;
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

  keep(position, answer, flagged) {
    const seq = (this.seqs.get(position) ?? 0) + 1;
    this.seqs.set(position, seq);
    this.waiting.set(position, { answer, flagged, seq, live: true });
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
        moment = new Date(answer.saved_at);
        this.#acknowledged(position, kept, answer);
      }
    } finally {
      clearTimeout(slow);
    }
    if (moment && !this.stopped) {
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
        body: JSON.stringify({ answer: kept.answer, seq: kept.seq, flagged: kept.flagged }),
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
    if (response.status === 409 || response.status === 404) {
      const late = this.waiting.size;
      this.waiting.clear();
      this.#write();
      this.stop();
      this.tell.over(late);
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
      // The counter was used already, by another device or by this save when its answer got lost: go after it.
      kept.seq = answer.seq + 1;
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
