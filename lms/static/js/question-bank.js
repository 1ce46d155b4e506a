// A bank's list: the table follows what is typed and chosen, a box ticks the whole page, and of the boxes beside the act
// on many only those it needs are shown. Without this file the form is sent by its button and every box stands.

const DELAY = 200;
const list = document.getElementById("list");
const form = document.querySelector("form.search");
const told = document.getElementById("list-told");
let timer = 0;
let asked = null;

function address() {
  const values = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value.trim()) {
      values.append(name, value);
    }
  }
  return values.size ? `${location.pathname}?${values}` : location.pathname;
}

async function fetchList() {
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
    list.removeAttribute("aria-busy");
  } catch (error) {
    if (error.name !== "AbortError") {
      location.assign(url);
    }
  }
}

if (form) {
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(fetchList, DELAY);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    fetchList();
  });
}

function prepare() {
  const head = list.querySelector("thead .pick");
  if (!head) {
    return;
  }
  const all = Object.assign(document.createElement("input"), { type: "checkbox", className: "form-check-input" });
  all.setAttribute("aria-label", list.dataset.all);
  all.addEventListener("change", () => {
    for (const box of list.querySelectorAll("tbody .pick input")) {
      box.checked = all.checked;
    }
  });
  head.replaceChildren(all);
  show();
}

function show() {
  const ticked = list.querySelectorAll("tbody .pick :checked").length;
  const words = list.querySelector("[data-ticked]");
  if (words) {
    words.hidden = ticked === 0;
    words.textContent = list.dataset.one.replace("#", String(ticked));
  }
  const act = list.querySelector('select[name="act"]')?.value;
  for (const box of list.querySelectorAll("[data-for]")) {
    box.hidden = !box.dataset.for.split(" ").includes(act);
  }
}

list.addEventListener("change", show);
prepare();
