// Marking essays by keyboard: 1 to 6 chooses a level of the criterion one stands in, counted from the best, and goes on
// to the next; Ctrl+Enter sends. Without this file the form is sent as any other.

const form = document.getElementById("judgement");
const criteria = form ? [...form.querySelectorAll("[data-criterion]")] : [];

function standing() {
  const within = criteria.findIndex((one) => one.contains(document.activeElement));
  return within >= 0 ? within : criteria.findIndex((one) => !one.querySelector("input:checked"));
}

function goTo(index) {
  const next = criteria[index];
  const target = next ? (next.querySelector("input:checked") ?? next.querySelector("input")) : form.elements.namedItem("comment");
  target.focus();
}

if (form) {
  document.getElementById("marking-keys").hidden = false;
  addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter") {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.target.matches("textarea") || event.ctrlKey || event.altKey || event.metaKey || !/^[1-6]$/.test(event.key)) {
      return;
    }
    const index = standing();
    const level = criteria[index]?.querySelectorAll("input")[Number(event.key) - 1];
    if (level) {
      event.preventDefault();
      level.checked = true;
      goTo(index + 1);
    }
  });
}
