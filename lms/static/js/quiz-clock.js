// A quiet timer by the server's clock: minutes and seconds to see, spoken only ten, five and one minutes before the end.

const SPOKEN = [10, 5, 1];

export class Clock {
  // `now` is the server's time when the page was made; the device's own clock may be wrong.
  constructor(face, spoken, { deadline, now, words, over }) {
    this.face = face;
    this.spoken = spoken;
    this.words = words;
    this.over = over;
    this.end = performance.now() + (deadline - now);
    this.said = new Set(SPOKEN.filter((minutes) => this.#left() < minutes * 60));
    this.label = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: `${words.left} ` });
    this.figures = document.createElement("span");
    face.replaceChildren(this.label, this.figures);
    this.#tick();
  }

  #left() {
    return Math.max(0, Math.ceil((this.end - performance.now()) / 1000));
  }

  #tick() {
    const left = this.#left();
    const [hours, minutes, seconds] = [Math.floor(left / 3600), Math.floor((left % 3600) / 60), left % 60];
    const two = (n) => String(n).padStart(2, "0");
    this.figures.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
    for (const mark of SPOKEN) {
      if (left <= mark * 60 && !this.said.has(mark)) {
        this.said.add(mark);
        this.spoken.textContent = this.words.minutes(mark);
      }
    }
    if (left > 0) {
      setTimeout(() => this.#tick(), 1000 - ((performance.now() - this.end) % 1000 + 1000) % 1000 || 1000);
    } else {
      this.over();
    }
  }
}
