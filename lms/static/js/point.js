// A remote point's page: names against heads while one ticks and counts, and no tick lost by leaving. Without
// this file the form is sent by its buttons and the server does the sum.

const form = document.getElementById("point-form");
const told = document.getElementById("point-told");
const heads = form?.elements.heads;
const boxes = form ? [...form.querySelectorAll('input[name="here"]')] : [];

if (form && told && heads) {
  const known = new Set([...form.querySelectorAll('input[name="was"]')].map((one) => one.value));
  form.addEventListener("input", tell);
  tell();

  // Names present: those that the server knows of, with what has been ticked and unticked since.
  function tell() {
    const added = boxes.filter((box) => box.checked && !known.has(box.value)).length;
    const taken = boxes.filter((box) => !box.checked && known.has(box.value)).length;
    const names = Number(told.dataset.present) + added - taken;
    const typed = heads.value.trim();
    const counted = /^\d+$/.test(typed) ? Number(typed) : null;
    const gap = counted === null ? "–" : counted > names ? `+${counted - names}` : String(counted - names).replace("-", "−");
    const words = told.dataset.words
      .replace("{names}", String(names))
      .replace("{heads}", counted === null ? "–" : String(counted))
      .replace("{difference}", gap);
    if (told.textContent !== words) {
      told.textContent = words;
    }
    told.hidden = false;
  }

  // Leaving with ticks that were not sent would lose them.
  let sent = false;
  form.addEventListener("submit", () => (sent = true));
  addEventListener("beforeunload", (event) => {
    if (!sent && boxes.some((box) => box.checked !== box.defaultChecked)) {
      event.preventDefault();
    }
  });
}
