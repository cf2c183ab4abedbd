// Walking a matrix: <table data-grid>, the arrows go from cell to cell once one of its links has the focus; Enter opens it.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const target = (cell) => cell?.querySelector("a[href], button");

function next(cell, [down, right]) {
  const rows = [...cell.closest("tbody").rows];
  let row = rows.indexOf(cell.parentElement);
  let column = cell.cellIndex;
  for (;;) {
    row += down;
    column += right;
    const found = rows[row]?.cells[column];
    if (!found || target(found)) return target(found);
  }
}

document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const cell = event.target.closest?.("table[data-grid] tbody :is(td, th)");
  if (!step || !cell || event.ctrlKey || event.metaKey || event.altKey) return;
  const link = next(cell, step);
  if (!link) return;
  event.preventDefault();
  link.focus();
});
