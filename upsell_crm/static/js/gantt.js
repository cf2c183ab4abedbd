// The timeline of a plan: a bar in focus goes by ← and → a working day, with Shift only its due day; the mouse and the
// finger do the same. Moves are collected and saved as one change; a refusal puts the bars back. Geometry: roadmaps/gantt.py.

const DAY_MS = 86_400_000;
const TOUCH_PX = 4; // less is a click
const EDGE_PX = 8; // so near to the right edge one takes the due day
let root = null;
let work = []; // offsets of the working days of the picture
let moves = new Map(); // bar → [first, last], indexes of `work`
let here = ""; // the bar that keeps the focus when the picture is drawn anew
let scrolled = null;

const days = () => Number(root.dataset.days);
const form = () => document.querySelector("[data-gantt-moves]");
const bars = () => [...root.querySelectorAll("[data-bar]")];
const offset = (day) => Math.round((Date.parse(day) - Date.parse(root.dataset.first)) / DAY_MS);
const iso = (index) => new Date(Date.parse(root.dataset.first) + work[index] * DAY_MS).toISOString().slice(0, 10);
const shown = (index) => new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "UTC", day: "2-digit", month: "2-digit" }).format(Date.parse(iso(index)));
const indexFrom = (place) => Math.max(0, work.findIndex((one) => one >= place));
const indexTo = (place) => Math.max(0, work.findLastIndex((one) => one <= place));

function stored(bar) {
  const first = indexFrom(offset(bar.dataset.start));
  return [first, Math.max(first, indexTo(offset(bar.dataset.due)))];
}

const place = (bar) => moves.get(bar) ?? stored(bar);

function put(bar, [first, last]) {
  const [wasFirst, wasLast] = stored(bar);
  const length = last - first;
  const start = Math.min(Math.max(first, 0), work.length - 1 - length);
  const span = [start, Math.min(start + length, work.length - 1)];
  if (span[0] === wasFirst && span[1] === wasLast) moves.delete(bar);
  else moves.set(bar, span);
  draw(bar);
}

function draw(bar) {
  const isMoved = moves.has(bar);
  const [first, last] = place(bar);
  const x = isMoved ? work[first] : offset(bar.dataset.start);
  const end = isMoved ? work[last] : offset(bar.dataset.due);
  const box = bar.querySelector(".gantt-box");
  box.setAttribute("x", `${((100 * x) / days()).toFixed(3)}%`);
  box.setAttribute("width", `${((100 * (end + 1 - x)) / days()).toFixed(3)}%`);
  bar.classList.toggle("is-moved", isMoved);
  tell(bar);
}

function tell(bar) {
  const bar_ = form();
  bar_.hidden = moves.size === 0;
  const rule = new Intl.PluralRules(document.documentElement.lang).select(moves.size);
  const words = bar_.dataset[rule === "one" || rule === "few" ? rule : "many"];
  bar_.querySelector("[type=submit]").textContent = words.replace("#", moves.size);
  const [first, last] = place(bar);
  bar_.querySelector(".gantt-said").textContent = `${bar.dataset.title}: ${shown(first)} – ${shown(last)}`;
}

function restore() {
  const moved = [...moves.keys()];
  moves.clear();
  moved.forEach(draw);
}

function save() {
  if (!moves.size) return;
  const said = [...moves].map(([bar, [first, last]]) => `${bar.dataset.bar}:${iso(first)}:${iso(last)}`).join(" ");
  const values = { version: form().dataset.version, moves_said: said };
  if (form().elements.with_followers.checked) values.with_followers = "on";
  htmx.ajax("POST", form().dataset.url, { target: "#panel", source: form(), values });
}

function open(bar) {
  const [first, last] = place(bar);
  const asked = moves.has(bar) ? `?starts_on=${iso(first)}&due_on=${iso(last)}` : "";
  htmx.ajax("GET", bar.getAttribute("href") + asked, { target: "#panel", source: bar });
}

function stand(bar) {
  if (!bar) return;
  bars().forEach((other) => other.setAttribute("tabindex", other === bar ? "0" : "-1"));
  here = bar.id;
  bar.focus({ preventScroll: true });
  bar.querySelector(".gantt-shape").scrollIntoView({ block: "nearest", inline: "nearest" });
}

function link(bar, isOn) {
  root?.querySelectorAll(`[data-before="${bar.dataset.pk}"], [data-after="${bar.dataset.pk}"]`).forEach((arrow) => arrow.classList.toggle("is-linked", isOn));
}

function settle() {
  const found = document.querySelector("[data-gantt]");
  if (found === root) return;
  root = found;
  moves = new Map();
  if (!root) return;
  const off = new Set(root.dataset.off.split(",").map(Number));
  work = Array.from({ length: days() }, (_, index) => index).filter((one) => !off.has(one));
  const scroll = root.querySelector(".gantt-scroll");
  scroll.scrollLeft = scrolled ?? todayAt(scroll);
  scroll.addEventListener("scroll", () => (scrolled = scroll.scrollLeft), { passive: true });
  const former = here && document.getElementById(here);
  if (former) stand(former);
  else bars()[0]?.setAttribute("tabindex", "0");
}

function todayAt(scroll) {
  const line = root.querySelector(".gantt-limit--today");
  const plot = root.querySelector(".gantt-scale");
  return line ? (parseFloat(line.getAttribute("x1")) / 100) * plot.getBoundingClientRect().width - scroll.clientWidth * 0.15 : 0;
}

document.addEventListener("keydown", (event) => {
  const bar = event.target.closest?.("[data-bar]");
  if (!bar || event.ctrlKey || event.metaKey || event.altKey) return;
  const [first, last] = place(bar);
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  if (by && event.shiftKey) put(bar, [first, Math.max(first, last + by)]);
  else if (by) put(bar, [first + by, last + by]);
  else if (event.key === "ArrowDown" || event.key === "ArrowUp") stand(bars()[bars().indexOf(bar) + (event.key === "ArrowDown" ? 1 : -1)]);
  else if (event.key === "Enter") open(bar);
  else if (event.key === "Escape" && moves.delete(bar)) draw(bar);
  else return;
  here = bar.id;
  event.preventDefault();
});

let drag = null; // {bar, x, span, isDue, hasMoved}
let lately = null; // the bar that has just been dragged: its click is not a click
document.addEventListener("pointerdown", (event) => {
  const bar = event.target.closest?.("[data-bar]");
  if (!bar || event.button !== 0) return;
  const edge = bar.querySelector(".gantt-shape").getBoundingClientRect().right;
  drag = { bar, x: event.clientX, span: place(bar), isDue: event.clientX > edge - EDGE_PX, hasMoved: false };
  lately = null;
  bar.setPointerCapture(event.pointerId);
});
document.addEventListener("pointermove", (event) => {
  if (!drag || (!drag.hasMoved && Math.abs(event.clientX - drag.x) < TOUCH_PX)) return;
  drag.hasMoved = true;
  root.classList.add("is-dragging");
  const width = drag.bar.closest("svg").getBoundingClientRect().width / days();
  const gone = Math.round((event.clientX - drag.x) / width);
  const [first, last] = drag.span;
  if (drag.isDue) put(drag.bar, [first, Math.max(first, indexTo(work[last] + gone))]);
  else {
    const to = indexFrom(work[first] + gone);
    put(drag.bar, [to, to + last - first]);
  }
});
function drop() {
  root?.classList.remove("is-dragging");
  if (drag?.hasMoved) [lately, here] = [drag.bar, drag.bar.id];
  drag = null;
}
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", () => {
  if (drag?.hasMoved) put(drag.bar, drag.span);
  drop();
});
document.addEventListener("dragstart", (event) => event.target.closest?.("[data-bar]") && event.preventDefault());
document.addEventListener("click", (event) => {
  const bar = event.target.closest?.("[data-bar]");
  if (!bar || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (bar !== lately) open(bar);
  lately = null;
});

for (const [type, isOn] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
  document.addEventListener(type, (event) => {
    const bar = event.target.closest?.(".gantt-bar[data-pk]");
    if (bar) link(bar, isOn);
  });
}
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-gantt-moves]")) return;
  event.preventDefault();
  save();
});
document.addEventListener("reset", (event) => event.target.matches("[data-gantt-moves]") && restore());
document.addEventListener("timeline:refused", restore);
window.addEventListener("beforeunload", (event) => moves.size && event.preventDefault());
document.addEventListener("htmx:afterSettle", settle);
settle();
