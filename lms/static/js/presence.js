// The live view: every ten seconds the page asks for its changing part and puts each section that differs in its place.
// Open tables stay open, the place on the page stays, and those who listen hear the totals at most once a minute.
// A look older than the one shown (another process of the server took it) is left aside. Nothing is asked while the page
// is hidden. Without this file "Cập nhật" loads the page again.

const SPOKEN_EVERY = 60_000;
const whole = document.getElementById("presence");
const told = document.getElementById("presence-told");
const stop = document.getElementById("presence-stop");
const again = document.getElementById("presence-again");

if (whole && told && stop && again) {
  const every = Number(whole.dataset.every) * 1000;
  let running = true;
  let timer = 0;
  let asking = null;
  let spokenAt = Date.now();

  stop.hidden = false;
  stop.addEventListener("click", () => {
    running = !running;
    stop.textContent = running ? whole.dataset.stop : whole.dataset.go;
    running ? look() : clearTimeout(timer);
  });
  again.addEventListener("click", (event) => {
    event.preventDefault();
    look();
  });
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : running && look()));
  wait();

  function wait() {
    clearTimeout(timer);
    if (running && !document.hidden) {
      timer = setTimeout(look, every);
    }
  }

  async function look() {
    clearTimeout(timer);
    asking?.abort();
    const own = (asking = new AbortController());
    try {
      const answer = await fetch(whole.dataset.url, { headers: { "HX-Request": "true" }, signal: own.signal });
      if (answer.redirected || answer.status === 403 || answer.status === 404) {
        location.assign(whole.dataset.url);
        return;
      }
      if (!answer.ok) {
        throw new Error(String(answer.status));
      }
      show(await answer.text());
    } catch (error) {
      if (error.name === "AbortError") {
        return;
      }
      const lost = whole.querySelector(".lost");
      if (lost && !lost.textContent) {
        lost.textContent = whole.dataset.lost;
      }
    }
    wait();
  }

  // A section that says the same is left alone, so that a link in it keeps the focus.
  function show(html) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    if (takenAt(fresh.content) < takenAt(document)) {
      return;
    }
    const sections = [...fresh.content.children];
    const ids = new Set(sections.map((one) => one.id));
    for (const old of [...whole.children]) {
      if (!ids.has(old.id)) {
        old.remove();
      }
    }
    let before = null;
    for (const section of sections) {
      const old = document.getElementById(section.id);
      if (!old) {
        before ? before.after(section) : whole.prepend(section);
        before = section;
      } else if (same(old, section)) {
        before = old;
      } else {
        replace(old, section);
        before = section;
      }
    }
    speak();
  }

  function takenAt(where) {
    return Number(where.querySelector("#live-moment").dataset.at);
  }

  function same(old, section) {
    const copy = old.cloneNode(true);
    for (const one of copy.querySelectorAll("details[open]")) {
      one.removeAttribute("open");
    }
    return copy.outerHTML === section.outerHTML;
  }

  function replace(old, section) {
    const open = [...old.querySelectorAll("details")].map((one) => one.open);
    const places = [...old.querySelectorAll("a, summary")];
    const focused = places.indexOf(document.activeElement);
    const scrolled = [...old.querySelectorAll(".scroll")].map((one) => one.scrollLeft);
    const [x, y] = [scrollX, scrollY];
    section.querySelectorAll("details").forEach((one, place) => (one.open = Boolean(open[place])));
    old.replaceWith(section);
    section.querySelectorAll(".scroll").forEach((one, place) => (one.scrollLeft = scrolled[place] || 0));
    if (focused >= 0) {
      [...section.querySelectorAll("a, summary")][focused]?.focus({ preventScroll: true });
    }
    scrollTo({ left: x, top: y, behavior: "instant" });
  }

  function speak() {
    const words = document.getElementById("live-totals").dataset.told;
    if (words !== told.dataset.said && Date.now() - spokenAt >= SPOKEN_EVERY) {
      told.textContent = told.dataset.said = words;
      spokenAt = Date.now();
    }
  }
}
