// Ordering by buttons or Alt and the arrow keys: the numbers that a form without a script asks for are kept behind it.

const say = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

export function enhanceOrdering(form) {
  const list = form.querySelector("[data-sorting]");
  const said = form.querySelector("[data-sorting-said]");
  const fieldOf = (item) => item.querySelector("input");
  const items = () => [...list.children];
  const keep = document.createElement("button");
  keep.type = "button";
  keep.className = "btn btn-outline-primary";
  keep.textContent = list.dataset.keep;
  keep.addEventListener("click", () => {
    number();
    tell(list.firstElementChild);
    list.querySelector("button:not([disabled])").focus();
  });

  for (const item of items()) {
    fieldOf(item).hidden = true;
    const buttons = document.createElement("span");
    buttons.className = "sorting-moves";
    for (const [step, words, arrow] of [[-1, list.dataset.up, "↑"], [1, list.dataset.down, "↓"]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-primary";
      button.textContent = arrow;
      button.setAttribute("aria-label", `${words}: ${item.dataset.words}`);
      button.addEventListener("click", () => move(item, step, button));
      buttons.append(button);
    }
    item.append(buttons);
  }
  list.after(keep);
  list.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const item = event.target.closest("li");
    if (event.altKey && step && item) {
      event.preventDefault();
      move(item, step, event.target);
    }
  });
  form.addEventListener("filled", draw);
  draw();

  // The items stand as their numbers say; without numbers as the page gave them.
  function draw() {
    if (items().every((item) => fieldOf(item).value)) {
      list.append(...items().sort((one, other) => fieldOf(one).value - fieldOf(other).value));
    }
    show();
  }

  function move(item, step, focused) {
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    if (!other) {
      return;
    }
    other[step < 0 ? "before" : "after"](item);
    number();
    tell(item);
    const [up, down] = item.querySelectorAll("button");
    (focused.disabled ? [up, down].find((button) => !button.disabled) : focused).focus();
  }

  function number() {
    for (const [index, item] of items().entries()) {
      fieldOf(item).value = index + 1;
    }
    show();
    form.dispatchEvent(new Event("change"));
  }

  function show() {
    const all = items();
    for (const [index, item] of all.entries()) {
      const [up, down] = item.querySelectorAll("button");
      up.disabled = index === 0;
      down.disabled = index === all.length - 1;
    }
    keep.hidden = all.every((item) => fieldOf(item).value);
    list.classList.toggle("answered", keep.hidden);
  }

  function tell(item) {
    const all = items();
    said.textContent = say(list.dataset.said, { item: item.dataset.words, n: all.indexOf(item) + 1, total: all.length });
  }
}
