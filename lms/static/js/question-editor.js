// Writing a question: rows are added, removed and moved without asking the server; Enter adds one, Alt+Enter marks an
// option right, Alt+↑ and Alt+↓ move a row; a pasted "A. … *B. …" becomes options; the server draws the learner's view
// beside. Without this file the buttons send the form and the server does the same.

const form = document.getElementById("question-form");
const stem = form.elements.namedItem("stem");
const preview = document.getElementById("editor-preview");
const NAMED = ["id", "name", "for", "value", "aria-describedby", "data-list"];
const PASTED = /^\s*(\*?)\s*(?:[A-Ha-h]|\d{1,2})\s*[.)]\s*(.+?)\s*$/;
const DELAY = 400;

const listOf = (row) => row.parentElement;
const rowOf = (element) => element.closest("[data-row]");
const rowsIn = (list) => [...list.children];
const boxes = (row) => [...row.querySelectorAll("input:not([type=hidden]), textarea, select")];
const firstBox = (row) => row.querySelector("textarea, input:not([type=hidden])");

function isEmpty(box) {
  if (box.type === "checkbox" || box.type === "radio") {
    return !box.checked;
  }
  return box.tagName === "SELECT" || box.name.endsWith("-share") || box.name.endsWith("-points") || !box.value.trim();
}

function escaped(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

// Names, ids and buttons of a row bear its place: "options-2-text", "up:options-2"; rows within it bear it too.
function renumber(list) {
  const name = list.dataset.list;
  const pattern = new RegExp(`(^|[ :])${escaped(name)}-\\d+`, "g");
  for (const [place, row] of rowsIn(list).entries()) {
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const attribute of NAMED) {
        const value = element.getAttribute(attribute);
        if (value && (attribute !== "value" || element.name === "act")) {
          element.setAttribute(attribute, value.replace(pattern, `$1${name}-${place}`));
        }
      }
    }
    const number = [...row.querySelectorAll("[data-n]")].find((one) => rowOf(one) === row);
    if (number) {
      number.textContent = String(place + 1);
    }
  }
  const adding = form.querySelector(`button[value="add:${name}"]`);
  if (adding) {
    adding.hidden = rowsIn(list).length >= Number(list.dataset.most);
  }
  list.dispatchEvent(new CustomEvent("rows", { bubbles: true }));
  draw();
}

function clear(row) {
  for (const box of boxes(row)) {
    if (box.type === "checkbox" || box.type === "radio") {
      box.checked = false;
    } else if (box.tagName !== "SELECT" && !box.name.endsWith("-share")) {
      box.value = "";
    }
    box.removeAttribute("aria-invalid");
  }
  for (const wrong of row.querySelectorAll(".wrong-text")) {
    wrong.remove();
  }
  for (const wrong of row.querySelectorAll(".wrong")) {
    wrong.classList.remove("wrong");
  }
  for (const more of row.querySelectorAll("details")) {
    more.open = false;
  }
}

function add(list, after = list.lastElementChild) {
  if (!after || rowsIn(list).length >= Number(list.dataset.most)) {
    return null;
  }
  const row = after.cloneNode(true);
  clear(row);
  for (const [from, to] of boxes(after).map((box, place) => [box, boxes(row)[place]])) {
    if (from.tagName === "SELECT") {
      to.value = from.value;
    }
  }
  after.after(row);
  renumber(list);
  return row;
}

function remove(row) {
  const list = listOf(row);
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (next) {
    row.remove();
    firstBox(next).focus();
  } else {
    clear(row);
    firstBox(row).focus();
  }
  renumber(list);
}

function move(row, step) {
  if (step < 0) {
    row.previousElementSibling?.before(row);
  } else {
    row.nextElementSibling?.after(row);
  }
  renumber(listOf(row));
}

function markRight(row) {
  const box = row.querySelector('input[name$="-right"]');
  if (box) {
    box.checked = !box.checked;
    onlyOne(box);
    draw();
  }
}

function onlyOne(box) {
  const list = listOf(rowOf(box));
  if (box.checked && !list.dataset.many) {
    for (const other of list.querySelectorAll('input[name$="-right"]')) {
      other.checked = other === box;
    }
  }
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (!button) {
    return;
  }
  event.preventDefault();
  const verb = button.dataset.act;
  if (verb === "add") {
    const list = form.querySelector(`[data-list="${button.value.slice(4)}"]`);
    const made = add(list);
    if (made) {
      firstBox(made).focus();
    }
  } else if (verb === "remove") {
    remove(rowOf(button));
  } else {
    move(rowOf(button), verb === "up" ? -1 : 1);
    button.focus();
  }
});

form.addEventListener("keydown", (event) => {
  const row = rowOf(event.target);
  if (!row || event.isComposing) {
    return;
  }
  if (event.key === "Enter" && event.altKey) {
    event.preventDefault();
    markRight(row);
  } else if (event.key === "Enter" && !event.shiftKey && event.target.matches("textarea, input:not([type=checkbox])")) {
    event.preventDefault();
    const next = row.nextElementSibling;
    const made = next && boxes(next).every(isEmpty) ? next : add(listOf(row), row);
    if (made) {
      firstBox(made).focus();
    }
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(row, event.key === "ArrowUp" ? -1 : 1);
    event.target.focus();
  }
});

form.addEventListener("change", (event) => {
  if (event.target.name?.endsWith("-right")) {
    onlyOne(event.target);
  }
  if (event.target.matches("[data-gap-kind]")) {
    rowOf(event.target).className = `gap-${event.target.value}`;
  }
});

// A pasted list of options, perhaps with the question before it.
function take(list, lines) {
  const found = lines.map((one) => PASTED.exec(one)).filter(Boolean);
  if (found.length < 2) {
    return false;
  }
  for (const [place, [, star, text]] of found.slice(0, Number(list.dataset.most)).entries()) {
    const row = rowsIn(list)[place] ?? add(list);
    row.querySelector('[name$="-text"]').value = text;
    row.querySelector('[name$="-right"]').checked = star === "*";
  }
  while (rowsIn(list).length > found.length) {
    list.lastElementChild.remove();
  }
  renumber(list);
  return true;
}

form.addEventListener("paste", (event) => {
  const list = form.querySelector('[data-list="options"]');
  if (!list || (event.target !== stem && !list.contains(event.target))) {
    return;
  }
  const pasted = event.clipboardData.getData("text").split(/\r?\n/);
  const first = pasted.findIndex((one) => PASTED.test(one));
  if (first >= 0 && take(list, pasted.slice(first))) {
    event.preventDefault();
    const before = pasted.slice(0, first).join("\n").trim();
    if (before) {
      stem.value = before;
    }
    draw();
  }
});

// An image for the question: kept by the server at once, its place written where the cursor stands.
export async function upload(file) {
  const body = new FormData();
  body.append("figure", file);
  body.append("csrf_token", form.elements.namedItem("csrf_token").value);
  const answer = await fetch(form.querySelector("[data-figure]").dataset.figure, { method: "POST", body });
  const told = await answer.json();
  if (!answer.ok) {
    throw new Error(told.message);
  }
  return told;
}

form.querySelector("[data-figure]").addEventListener("click", async (event) => {
  const box = form.elements.namedItem("picture");
  const words = form.elements.namedItem("picture_words");
  if (!box.files.length) {
    return;
  }
  event.preventDefault();
  try {
    const kept = await upload(box.files[0]);
    const written = `![${words.value.replace(/[[\]]/g, "")}](figure:${kept.digest})`;
    stem.setRangeText(written, stem.selectionStart, stem.selectionEnd, "end");
    box.value = "";
    words.value = "";
    stem.focus();
    draw();
  } catch (error) {
    box.setCustomValidity(error.message);
    box.reportValidity();
    box.setCustomValidity("");
  }
});

// The learner's view, drawn by the server.
let timer = 0;
let asked = null;

export function draw() {
  clearTimeout(timer);
  timer = setTimeout(fetchPreview, DELAY);
}

async function fetchPreview() {
  asked?.abort();
  asked = new AbortController();
  const body = new FormData(form);
  body.delete("picture");
  body.delete("figure_file");
  try {
    const answer = await fetch(preview.dataset.address, { method: "POST", body, signal: asked.signal });
    if (answer.ok && !answer.redirected) {
      preview.querySelector("[data-preview]").innerHTML = await answer.text();
    }
  } catch (error) {
    if (error.name !== "AbortError") {
      preview.setAttribute("aria-busy", "true");
    }
    return;
  }
  preview.removeAttribute("aria-busy");
}

form.addEventListener("input", draw);
document.getElementById("editor-keys").hidden = false;
for (const one of document.querySelectorAll("[data-no-script]")) {
  one.hidden = true;
}
for (const one of document.querySelectorAll("[data-script]")) {
  one.hidden = false;
}
