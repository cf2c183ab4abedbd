// The board of deals: arrows walk, Shift with ← and → moves a card, so does the mouse; both post to the same address.
// What has to be asked (checklist, date, reason) comes back as a form in the panel.

const board = () => document.querySelector("[data-board]");
const columns = () => [...board().querySelectorAll("[data-stage]")];
const cardsOf = (column) => [...column.querySelectorAll("[data-card]")];
let here = ""; // the card that keeps the focus when the board is drawn anew

function stand(card) {
  if (!card) return;
  board().querySelectorAll("[data-card]").forEach((other) => (other.tabIndex = other === card ? 0 : -1));
  here = card.id;
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
}

function settle() {
  if (!board()) return;
  const cards = [...board().querySelectorAll("[data-card]")];
  cards.forEach((card) => (card.tabIndex = -1));
  const former = here && document.getElementById(here);
  if (former) stand(former);
  else if (cards[0]) cards[0].tabIndex = 0;
}

function walk(card, key) {
  const column = card.closest("[data-stage]");
  const own = cardsOf(column);
  if (key === "ArrowDown" || key === "ArrowUp") {
    stand(own[own.indexOf(card) + (key === "ArrowDown" ? 1 : -1)]);
    return;
  }
  const by = key === "ArrowRight" ? 1 : -1;
  const all = columns();
  for (let place = all.indexOf(column) + by; all[place]; place += by) {
    const others = cardsOf(all[place]);
    if (others.length) return stand(others[Math.min(own.indexOf(card), others.length - 1)]);
  }
}

function beside(card, by) {
  const all = columns();
  let place = all.indexOf(card.closest("[data-stage]")) + by;
  if (all[place]?.dataset.stage === card.dataset.skips) place += by;
  return all[place]?.dataset.stage;
}

function move(card, stage) {
  const from = card.closest("[data-stage]").dataset.stage;
  if (!stage || stage === from) return;
  here = card.id;
  const ask = { target: "#panel", source: card };
  if (stage === "hold") htmx.ajax("GET", card.dataset.hold, ask);
  else if (from === "hold") htmx.ajax("POST", card.dataset.resume, { ...ask, values: { version: card.dataset.version } });
  else {
    const values = { quick: "1", version: card.dataset.version };
    htmx.ajax("POST", card.dataset.move.replace("STAGE", stage), { ...ask, values });
  }
}

document.addEventListener("keydown", (event) => {
  const card = event.target.matches?.("[data-card]") && event.target;
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter") card.querySelector("a").click();
  else if (!["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight"].includes(event.key)) return;
  else if (event.shiftKey && event.key === "ArrowRight") move(card, beside(card, 1));
  else if (event.shiftKey && event.key === "ArrowLeft") move(card, beside(card, -1));
  else walk(card, event.key);
  event.preventDefault();
});

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-card]");
  if (dragged) event.dataTransfer.effectAllowed = "move";
});
document.addEventListener("dragover", (event) => {
  const column = dragged && event.target.closest?.("[data-stage]");
  if (board()) columns().forEach((other) => other.classList.toggle("is-over", other === column));
  if (column) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const column = dragged && event.target.closest?.("[data-stage]");
  if (!column) return;
  event.preventDefault();
  move(dragged, column.dataset.stage);
});
document.addEventListener("dragend", () => {
  dragged = null;
  columns().forEach((other) => other.classList.remove("is-over"));
});

document.addEventListener("htmx:afterSwap", (event) => event.detail.target.id === "deals" && settle());
settle();
