// "Chép liên kết": the text of a box to the clipboard; where the browser refuses, the text is selected for the hand.

for (const button of document.querySelectorAll("[data-copies]")) {
  const box = document.getElementById(button.dataset.copies);
  const says = document.getElementById(`${box.id}-copied`);
  button.hidden = false;
  button.addEventListener("click", async () => {
    const copied = await copy(box);
    says.textContent = copied ? says.dataset.copied : says.dataset.selected;
  });
}

async function copy(box) {
  try {
    await navigator.clipboard.writeText(box.value);
    return true;
  } catch {
    box.focus();
    box.select();
    return document.execCommand("copy"); // the older way, where the newer is not given
  }
}
