// Points on an image by pointer or by a crosshair that arrow keys move; the numbers of the form are kept behind it.

const SVG = "http://www.w3.org/2000/svg";
const say = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function drawn(name, attributes, text = "") {
  const element = document.createElementNS(SVG, name);
  for (const [attribute, value] of Object.entries(attributes)) {
    element.setAttribute(attribute, value);
  }
  element.textContent = text;
  return element;
}

export function enhanceHotspot(form) {
  const face = form.querySelector("[data-spot]");
  const said = form.querySelector("[data-spot-said]");
  const list = form.querySelector("[data-spot-points]");
  const words = face.dataset;
  const [width, height, most] = [Number(words.width), Number(words.height), Number(words.most)];
  const at = { x: Math.round(width / 2), y: Math.round(height / 2) };
  const size = Math.max(width, height) / 40 + 3;
  const layer = drawn("svg", { viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
  const pairs = Array.from({ length: most }, (_none, index) =>
    ["x", "y"].map((name) => form.elements.namedItem(`${name}-${index + 1}`)));
  const field = (index) => pairs[index].map((one) => one.value.trim());
  const points = () => pairs.map((_pair, index) => field(index)).filter(([x, y]) => x && y);

  face.querySelector("noscript")?.remove();
  face.append(layer);
  face.tabIndex = 0;
  face.setAttribute("role", "application");
  face.setAttribute("aria-roledescription", words.role);
  face.setAttribute("aria-label", `${words.label}. ${face.querySelector("img").alt}`);
  form.querySelector(".spot-numbers").open = false;
  face.addEventListener("click", (event) => {
    const box = face.getBoundingClientRect();
    at.x = within(Math.round(((event.clientX - box.left) / box.width) * width), width);
    at.y = within(Math.round(((event.clientY - box.top) / box.height) * height), height);
    set();
  });
  face.addEventListener("keydown", (event) => {
    const step = event.shiftKey ? Math.max(width, height) / 10 : Math.max(width, height) / 100;
    const [across, down] = {
      ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
    }[event.key] ?? [0, 0];
    if (across || down) {
      event.preventDefault();
      at.x = within(Math.round(at.x + across), width);
      at.y = within(Math.round(at.y + down), height);
      said.textContent = say(words.at, at);
      draw();
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      set();
    }
  });
  form.addEventListener("filled", draw);
  form.addEventListener("change", draw);
  draw();

  function within(value, end) {
    return Math.min(Math.max(value, 0), end);
  }

  function set() {
    const set = points();
    if (set.length >= most) {
      if (most > 1) {
        said.textContent = say(words.full, { n: most });
        return;
      }
      set.length = 0;
    }
    write([...set, [at.x, at.y]]);
    said.textContent = say(words.set, { n: points().length, ...at });
  }

  function write(set) {
    for (const [index, pair] of pairs.entries()) {
      [pair[0].value, pair[1].value] = set[index] ?? ["", ""];
    }
    form.dispatchEvent(new Event("change"));
  }

  function draw() {
    const marks = points().map(([x, y], index) => {
      const mark = drawn("g", { class: "set" });
      mark.append(drawn("circle", { cx: x, cy: y, r: size }), drawn("text", { x, y, "font-size": size * 1.2 }, index + 1));
      return mark;
    });
    const cross = drawn("path", {
      class: "crosshair",
      d: `M${at.x - 2 * size} ${at.y}h${4 * size}M${at.x} ${at.y - 2 * size}v${4 * size}`,
    });
    layer.replaceChildren(cross, ...marks);
    list.replaceChildren(...points().map(([x, y], index) => {
      const item = document.createElement("li");
      const button = Object.assign(document.createElement("button"), { type: "button", className: "plain" });
      button.textContent = say(words.remove, { n: index + 1 });
      button.addEventListener("click", () => {
        write(points().filter((_point, place) => place !== index));
        face.focus();
      });
      item.append(say(words.set, { n: index + 1, x, y }), " ", button);
      return item;
    }));
  }
}
