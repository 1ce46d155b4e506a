// How many words an essay has: seen, not spoken while typing.

export function enhanceEssay(form) {
  const box = form.elements.namedItem("text");
  const count = form.querySelector("[data-words-written]");
  const words = count.dataset.wordsWritten;
  const draw = () => {
    count.textContent = words.replace("{n}", box.value.split(/\s+/).filter(Boolean).length);
  };
  count.hidden = false;
  box.addEventListener("input", draw);
  form.addEventListener("filled", draw);
  draw();
}
