// A list beside a search form: the table follows what is typed and chosen, its address is kept, a box over the column of
// boxes ticks the whole page, and the number of ticks is said. Without this file the form is sent by its button.

const DELAY = 200;
const list = document.getElementById("list");
const form = document.querySelector("form.search");
const told = document.getElementById("list-told");

// `leftOut(name, value)`: what the address need not bear; `changed()`: called whenever ticks or choices changed.
export function follow({ leftOut = () => false, changed = () => {} } = {}) {
  if (!list) {
    return;
  }
  let timer = 0;
  let asked = null;

  // The address bears what the form holds, the empty left out; a page number belongs to what was asked before.
  function address() {
    const values = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (value.trim() && !leftOut(name, value)) {
        values.append(name, value);
      }
    }
    return values.size ? `${location.pathname}?${values}` : location.pathname;
  }

  async function fetchTable() {
    asked?.abort();
    asked = new AbortController();
    const url = address();
    list.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal: asked.signal });
      if (!answer.ok || answer.redirected) {
        location.assign(url);
        return;
      }
      list.innerHTML = await answer.text();
      history.replaceState(null, "", url);
      told.textContent = document.getElementById("list-part").dataset.told;
      prepare();
    } catch (error) {
      if (error.name !== "AbortError") {
        location.assign(url);
      }
      return;
    } finally {
      if (location.pathname + location.search === url) {
        list.removeAttribute("aria-busy");
      }
    }
  }

  function prepare() {
    const head = list.querySelector("thead .pick");
    if (head) {
      const all = document.createElement("input");
      all.type = "checkbox";
      all.className = "form-check-input";
      all.setAttribute("aria-label", list.dataset.all);
      all.addEventListener("change", () => {
        for (const box of list.querySelectorAll("tbody .pick input")) {
          box.checked = all.checked;
        }
      });
      head.replaceChildren(all);
      countTicks();
    }
  }

  function countTicks() {
    const boxes = [...list.querySelectorAll("tbody .pick input")];
    const ticked = boxes.filter((box) => box.checked).length;
    const words = list.querySelector("[data-ticked]");
    const all = list.querySelector("thead .pick input");
    if (words) {
      words.hidden = ticked === 0;
      words.textContent = list.dataset.one.replace("#", String(ticked));
    }
    if (all) {
      all.checked = boxes.length > 0 && ticked === boxes.length;
      all.indeterminate = ticked > 0 && ticked < boxes.length;
    }
    changed(list);
  }

  form?.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(fetchTable, DELAY);
  });
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    fetchTable();
  });
  list.addEventListener("change", countTicks);
  prepare();
}
