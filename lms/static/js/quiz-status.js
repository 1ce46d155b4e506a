// Where an answer stands, on the line on top, and messages above the question.

const ICONS = { ok: "ok", wait: "wait", off: "off", back: "again", over: "clock", other: "other" };

export class Status {
  constructor(line, news, icons) {
    this.line = line;
    this.news = news;
    this.icons = icons;
    this.pressed = false;
    this.delayed = null;
    // A message above the question moves what is below it; while a finger or button is down that would miss the press.
    addEventListener("pointerdown", () => {
      this.pressed = true;
    }, true);
    for (const end of ["pointerup", "pointercancel"]) {
      addEventListener(end, () => setTimeout(() => {
        this.pressed = false;
        this.delayed?.();
        this.delayed = null;
      }, 50), true);
    }
  }

  show(kind, text) {
    this.line.className = `save save-${kind}`;
    this.line.querySelector("use").setAttribute("href", `${this.icons}#${ICONS[kind]}`);
    const words = this.line.querySelector("span");
    if (words.textContent !== text) {
      words.textContent = text; // the same words again are not spoken again
    }
  }

  shows(kind) {
    return this.line.classList.contains(`save-${kind}`);
  }

  // Put this in place of the messages, or nothing.
  settle(...content) {
    if (this.pressed) {
      this.delayed = () => this.news.replaceChildren(...content);
    } else {
      this.news.replaceChildren(...content);
    }
  }

  tell(kind, title, paragraphs = [], act = null) {
    const box = document.createElement("div");
    box.className = `msg msg-${kind}`;
    box.setAttribute("role", "status");
    const icon = this.line.querySelector("svg").cloneNode(true);
    icon.querySelector("use").setAttribute("href", `${this.icons}#${kind === "warn" ? "off" : kind}`);
    box.append(icon, Object.assign(document.createElement("p"), { className: "msg-title", textContent: title }));
    for (const words of paragraphs) {
      box.append(Object.assign(document.createElement("p"), { textContent: words }));
    }
    if (act) {
      box.append(act);
    }
    this.settle(box);
  }
}

export function link(text, href) {
  return Object.assign(document.createElement("a"), { textContent: text, href, className: "btn btn-outline-primary" });
}
