// Zones of a hotspot drawn on its image: the mouse draws the zone of the row that was last in hand, arrow keys in the
// box of numbers move it, with Shift they change its size. The boxes of numbers are what is sent.

import { draw, upload } from "./question-editor.js";

const form = document.getElementById("question-form");
const board = document.getElementById("zone-board");
const SVG = "http://www.w3.org/2000/svg";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let inHand = 0;
let from = null;

const rows = () => [...form.querySelectorAll('[data-list="zones"] > [data-row]')];
const numbersBox = (row) => row.querySelector('[name$="-coordinates"]');
const shapeBox = (row) => row.querySelector('[name$="-shape"]');
const numbersOf = (row) => (numbersBox(row).value.match(/\d+/g) ?? []).map(Number);

function write(row, numbers) {
  numbersBox(row).value = numbers.map((one) => Math.max(0, Math.round(one))).join(", ");
  paint();
  draw();
}

function shapeOf(row) {
  const numbers = numbersOf(row);
  const kind = shapeBox(row).value;
  if (kind === "circle" && numbers.length === 3) {
    const circle = document.createElementNS(SVG, "circle");
    for (const [place, name] of ["cx", "cy", "r"].entries()) {
      circle.setAttribute(name, numbers[place]);
    }
    return circle;
  }
  if (kind === "rect" && numbers.length === 4) {
    const [x1, y1, x2, y2] = numbers;
    const box = document.createElementNS(SVG, "rect");
    const values = { x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) };
    for (const [name, value] of Object.entries(values)) {
      box.setAttribute(name, value);
    }
    return box;
  }
  if (kind === "poly" && numbers.length >= 4) {
    const polygon = document.createElementNS(SVG, "polygon");
    polygon.setAttribute("points", numbers.join(" "));
    return polygon;
  }
  return null;
}

function paint() {
  const image = board.querySelector("img");
  board.querySelector("svg")?.remove();
  if (!image) {
    return;
  }
  const sheet = document.createElementNS(SVG, "svg");
  sheet.setAttribute("viewBox", `0 0 ${board.dataset.width} ${board.dataset.height}`);
  sheet.setAttribute("aria-hidden", "true");
  for (const [place, row] of rows().entries()) {
    const shape = shapeOf(row);
    if (shape) {
      shape.setAttribute("class", place === inHand ? "zone now" : "zone");
      sheet.append(shape);
    }
  }
  image.after(sheet);
}

function pointAt(event) {
  const place = board.querySelector("img").getBoundingClientRect();
  const scale = Number(board.dataset.width) / place.width;
  return [Math.round((event.clientX - place.left) * scale), Math.round((event.clientY - place.top) * scale)];
}

board.addEventListener("pointerdown", (event) => {
  const row = rows()[inHand] ?? rows()[0];
  if (!row || !event.target.closest("img, svg")) {
    return;
  }
  event.preventDefault();
  const at = pointAt(event);
  if (shapeBox(row).value === "poly") {
    write(row, [...numbersOf(row), ...at]);
  } else {
    from = at;
    board.setPointerCapture(event.pointerId);
  }
});

board.addEventListener("pointermove", (event) => {
  const row = rows()[inHand] ?? rows()[0];
  if (!from || !row) {
    return;
  }
  const [x, y] = pointAt(event);
  if (shapeBox(row).value === "circle") {
    write(row, [...from, Math.hypot(x - from[0], y - from[1])]);
  } else {
    write(row, [Math.min(x, from[0]), Math.min(y, from[1]), Math.max(x, from[0]), Math.max(y, from[1])]);
  }
});

board.addEventListener("pointerup", () => {
  from = null;
});

form.addEventListener("keydown", (event) => {
  const step = ARROWS[event.key];
  if (!step || event.altKey || !event.target.name?.endsWith("-coordinates")) {
    return;
  }
  const row = event.target.closest("[data-row]");
  const numbers = numbersOf(row);
  if (numbers.length < 3) {
    return;
  }
  event.preventDefault();
  const far = event.ctrlKey ? 10 : 1;
  const kind = shapeBox(row).value;
  const size = kind === "circle" ? [0, 0, 1] : numbers.map((_one, place) => (place >= 2 ? 1 : 0));
  const moved = numbers.map((one, place) => {
    const along = kind === "circle" && place === 2 ? step[0] + step[1] : step[place % 2];
    const moves = event.shiftKey ? size[place] : kind === "circle" && place === 2 ? 0 : 1;
    return one + far * along * moves;
  });
  write(row, moved);
});

form.addEventListener("focusin", (event) => {
  const place = rows().indexOf(event.target.closest("[data-row]"));
  if (place >= 0) {
    inHand = place;
    paint();
  }
});
form.addEventListener("input", paint);
form.addEventListener("rows", paint);

form.elements.namedItem("figure_file").addEventListener("change", async (event) => {
  const box = event.target;
  if (!box.files.length) {
    return;
  }
  try {
    const kept = await upload(box.files[0]);
    form.elements.namedItem("figure").value = kept.digest;
    box.value = "";
    board.dataset.width = kept.width;
    board.dataset.height = kept.height;
    const image = Object.assign(document.createElement("img"), { src: kept.address, width: kept.width, height: kept.height, alt: "" });
    board.replaceChildren(image);
    paint();
    draw();
  } catch (error) {
    box.setCustomValidity(error.message);
    box.reportValidity();
    box.setCustomValidity("");
  }
});

paint();
