// The board of documents: cards in columns. Each card carries its allowed moves as [data-move="column"]; dragging onto a column presses
// the one that leads there, so the mouse, the keyboard and the finger make the very same move.

let dragged = null;

const movesOf = (card) => [...card.querySelectorAll("[data-move]")];
const columnOf = (node) => node.closest?.("[data-column]");

function mark(card) {
  const allowed = new Set(card ? movesOf(card).map((move) => move.dataset.move) : []);
  for (const column of document.querySelectorAll("[data-column]")) {
    column.classList.toggle("may-take", allowed.has(column.dataset.column));
    column.classList.remove("is-over");
  }
}

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-paper]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", "");
  dragged.classList.add("is-dragged");
  mark(dragged);
});
document.addEventListener("dragover", (event) => {
  const column = dragged && columnOf(event.target);
  if (!column?.classList.contains("may-take")) return;
  event.preventDefault();
  document.querySelectorAll(".is-over").forEach((one) => one !== column && one.classList.remove("is-over"));
  column.classList.add("is-over");
});
document.addEventListener("drop", (event) => {
  const column = dragged && columnOf(event.target);
  const move = column && movesOf(dragged).find((one) => one.dataset.move === column.dataset.column);
  if (!move) return;
  event.preventDefault();
  move.click();
});
document.addEventListener("dragend", () => {
  dragged?.classList.remove("is-dragged");
  dragged = null;
  mark(null);
});

// Arrows walk over the cards; Enter on a card opens its moves.
function neighbour(card, key) {
  const cards = [...columnOf(card).querySelectorAll("[data-paper]")];
  const place = cards.indexOf(card);
  if (key === "ArrowUp" || key === "ArrowDown") return cards[place + (key === "ArrowUp" ? -1 : 1)];
  const columns = [...card.closest("[data-papers]").querySelectorAll("[data-column]")].filter((one) => one.querySelector("[data-paper]"));
  const column = columns[columns.indexOf(columnOf(card)) + (key === "ArrowLeft" ? -1 : 1)];
  const others = column ? [...column.querySelectorAll("[data-paper]")] : [];
  return others[Math.min(place, others.length - 1)];
}

// Tab reaches one card of a board, the arrows the others.
function letIn() {
  for (const board of document.querySelectorAll("[data-papers]")) {
    if (!board.querySelector('[data-paper][tabindex="0"]')) board.querySelector("[data-paper]")?.setAttribute("tabindex", "0");
  }
}
document.addEventListener("htmx:afterSettle", letIn);
letIn();

document.addEventListener("keydown", (event) => {
  const card = event.target.matches?.("[data-paper]") ? event.target : null;
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") {
    const menu = card.querySelector("details.menu");
    if (!menu) return;
    event.preventDefault();
    menu.open = true;
    menu.querySelector("[data-move]").focus();
  } else if (event.key.startsWith("Arrow")) {
    const next = neighbour(card, event.key);
    if (!next) return;
    event.preventDefault();
    card.setAttribute("tabindex", "-1");
    next.setAttribute("tabindex", "0");
    next.focus();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
});

// A menu that has left the scrolling board stays where it was opened, so scrolling closes it.
document.addEventListener("scroll", () => {
  for (const menu of document.querySelectorAll("[data-paper] details[open]")) {
    if (getComputedStyle(menu.querySelector(".menu-body")).position === "fixed") menu.open = false;
  }
}, true);
