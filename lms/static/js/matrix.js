// The matrix opens at the column of the half-day that runs: on a phone it would lie beyond the edge.

const column = document.querySelector(".scroll [data-now]");

if (column) {
  const region = column.closest(".scroll");
  const names = column.parentElement.firstElementChild; // sticks to the left edge and covers what lies under it
  if (column.offsetLeft + column.offsetWidth > region.clientWidth) {
    region.scrollLeft = column.offsetLeft - names.offsetWidth;
  }
}
