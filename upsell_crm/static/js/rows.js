// Walking a table: <table data-rows>, j and k (or the arrows once inside), Enter opens the row's first link.

const rowsOf = (table) => [...table.querySelectorAll("tbody > tr:not(.detail)")];
const isTyping = (node) => node.closest?.("input, textarea, select, [contenteditable], dialog[open], #panel");

function stand(row) {
  row.closest("table").querySelectorAll(".is-here").forEach((other) => other.classList.remove("is-here"));
  row.classList.add("is-here");
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function step(table, by) {
  const rows = rowsOf(table);
  const here = rows.findIndex((row) => row.classList.contains("is-here"));
  const next = rows[here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + by))];
  if (next) stand(next);
}

// A page that is read anew keeps the place of whoever walks it.
let stood = "";
document.addEventListener("htmx:beforeSwap", () => (stood = document.querySelector("table[data-rows] .is-here")?.id ?? ""));
document.addEventListener("htmx:afterSettle", () => {
  const row = stood && document.getElementById(stood);
  if (row && !row.classList.contains("is-here") && document.activeElement === document.body) stand(row);
});

document.addEventListener("keydown", (event) => {
  const table = document.querySelector("table[data-rows]");
  if (!table || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const isFree = table.dataset.rows === "arrows" && event.target === document.body; // a page that is its table
  const isInside = isFree || table.contains(event.target);
  const by = { KeyJ: 1, KeyK: -1 }[event.code] ?? (isInside ? { ArrowDown: 1, ArrowUp: -1 }[event.key] : 0);
  if (by) {
    event.preventDefault();
    step(table, by);
  } else if (event.key === "Enter" && event.target.matches("tr.is-here")) {
    (event.target.querySelector("[data-open]") ?? event.target.querySelector("a[href], button"))?.click();
  }
});
