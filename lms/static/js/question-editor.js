// Writing a choice question: options are added, removed and moved without asking the server; Enter adds one, Alt+Enter
// marks it right, Alt+↑ and Alt+↓ move it; a pasted "A. … *B. …" becomes options; a learner's view stands below.
// Without this file the buttons send the form and the server does the same.

const list = document.getElementById("option-list");
const form = document.getElementById("question-form");
const stem = form.elements.namedItem("stem");
const preview = document.getElementById("editor-preview");
const most = Number(list.dataset.most);
const many = Boolean(list.dataset.many);
const NUMBERED = ["id", "name", "for", "value", "aria-describedby"];
const PASTED = /^\s*(\*?)\s*(?:[A-Ha-h]|\d{1,2})\s*[.)]\s*(.+?)\s*$/;

const options = () => [...list.children];
const textOf = (option) => option.querySelector('input[name$="-text"]');
const rightOf = (option) => option.querySelector('input[name$="-right"]');

function renumber() {
  for (const [index, option] of options().entries()) {
    for (const element of option.querySelectorAll("*")) {
      for (const name of NUMBERED) {
        const value = element.getAttribute(name);
        if (value && (name !== "value" || element.name === "act")) {
          element.setAttribute(name, value.replace(/^(options|up|down|remove)-\d+/, `$1-${index}`));
        }
      }
    }
    option.querySelector("label").textContent = list.dataset.name.replace("{n}", index + 1);
  }
  draw();
}

function add(after = list.lastElementChild, text = "") {
  if (options().length >= most || !list.firstElementChild) {
    return null;
  }
  const option = list.firstElementChild.cloneNode(true);
  for (const field of option.querySelectorAll("input")) {
    if (field.type === "checkbox") {
      field.checked = false;
    } else {
      field.value = "";
    }
    field.removeAttribute("aria-invalid");
  }
  for (const wrong of option.querySelectorAll(".wrong-text")) {
    wrong.remove();
  }
  for (const wrong of option.querySelectorAll(".wrong")) {
    wrong.classList.remove("wrong");
  }
  option.querySelector("details").open = false;
  textOf(option).value = text;
  after.after(option);
  renumber();
  return option;
}

function move(option, step) {
  if (step < 0) {
    option.previousElementSibling?.before(option);
  } else {
    option.nextElementSibling?.after(option);
  }
  renumber();
}

function act(verb, option) {
  if (verb === "add") {
    const made = add();
    if (made) {
      textOf(made).focus();
    }
  } else if (verb === "remove" && options().length > 1) {
    const next = option.nextElementSibling ?? option.previousElementSibling;
    option.remove();
    renumber();
    textOf(next).focus();
  } else if (verb === "up" || verb === "down") {
    move(option, verb === "up" ? -1 : 1);
    option.querySelector(`button[value^="${verb}-"]`).focus();
  }
}

function markRight(option) {
  const box = rightOf(option);
  box.checked = !box.checked;
  if (box.checked && !many) {
    for (const other of options().filter((one) => one !== option)) {
      rightOf(other).checked = false;
    }
  }
  draw();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="act"]');
  const verb = button?.value.split("-")[0];
  if (["add", "remove", "up", "down"].includes(verb)) {
    event.preventDefault();
    act(verb, button.closest("[data-option]"));
  }
});

list.addEventListener("keydown", (event) => {
  const option = event.target.closest("[data-option]");
  if (event.key === "Enter" && event.target.matches('input:not([type="checkbox"])')) {
    event.preventDefault();
    if (event.altKey) {
      markRight(option);
    } else {
      const made = add(option);
      if (made) {
        textOf(made).focus();
      }
    }
  } else if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    move(option, event.key === "ArrowUp" ? -1 : 1);
    event.target.focus();
  }
});

list.addEventListener("change", (event) => {
  if (!many && event.target.checked && event.target.name.endsWith("-right")) {
    for (const other of options().filter((one) => !one.contains(event.target))) {
      rightOf(other).checked = false;
    }
  }
});

function take(lines) {
  const found = lines.map((line) => PASTED.exec(line)).filter(Boolean);
  if (found.length < 2) {
    return false;
  }
  for (const [index, [, star, text]] of found.slice(0, most).entries()) {
    const option = options()[index] ?? add();
    textOf(option).value = text;
    rightOf(option).checked = star === "*";
  }
  while (options().length > found.length) {
    list.lastElementChild.remove();
  }
  renumber();
  return true;
}

form.addEventListener("paste", (event) => {
  const pasted = event.clipboardData.getData("text").split(/\r?\n/);
  const first = pasted.findIndex((line) => PASTED.test(line));
  if (event.target !== stem && !list.contains(event.target)) {
    return;
  }
  if (first >= 0 && take(pasted.slice(first))) {
    event.preventDefault();
    const before = pasted.slice(0, first).join(" ").trim();
    if (before) {
      stem.value = before;
    }
    draw();
  }
});

// The learner's view: only what is written, no right answers.
function draw() {
  const view = preview.querySelector("[data-preview]");
  const heading = Object.assign(document.createElement("p"), { className: "h3", textContent: stem.value });
  const choices = options().filter((option) => textOf(option).value.trim()).map((option) => {
    const choice = Object.assign(document.createElement("label"), { className: "choice" });
    const box = Object.assign(document.createElement("input"), {
      className: "form-check-input", type: many ? "checkbox" : "radio", name: "preview",
    });
    choice.append(box, Object.assign(document.createElement("span"), { textContent: textOf(option).value }));
    return choice;
  });
  view.replaceChildren(heading, ...choices);
  preview.hidden = !stem.value.trim() && choices.length === 0;
}

form.addEventListener("input", draw);
document.getElementById("editor-keys").hidden = false;
draw();
