// The grid of results as a spreadsheet: arrows and Enter walk, a copied block is put in by the server, the index follows the keys.

const PAUSE_MS = 400;
const form = document.querySelector("form[data-results]");
const grid = () => form.querySelector("#results-grid");
const lines = () => [...form.querySelector("[data-lines]").rows];
const cells = (line) => [...line.querySelectorAll("input[data-column]")];

function cellAt(row, column) {
  if (row >= lines().length) addLine();
  const line = lines()[row];
  return line && cells(line)[column];
}

function placeOf(input) {
  const line = input.closest("tr");
  return [lines().indexOf(line), cells(line).indexOf(input)];
}

function addLine() {
  const last = lines().at(-1);
  const line = last.cloneNode(true);
  for (const input of line.querySelectorAll("input")) {
    input.value = "";
    input.readOnly = false;
    input.removeAttribute("aria-invalid");
  }
  for (const cell of line.querySelectorAll(".is-bad")) cell.classList.remove("is-bad");
  line.cells[0].firstChild.textContent = String(lines().length + 1);
  last.after(line);
}

function go(input, down, right) {
  const [row, column] = placeOf(input);
  const next = cellAt(row + down, column + right);
  next?.focus();
  next?.select();
  return Boolean(next);
}

// Left and right leave a cell only from its edge, so that the text inside can still be walked.
function isAtEdge(input, right) {
  const edge = right > 0 ? input.value.length : 0;
  const isWhole = input.selectionStart === 0 && input.selectionEnd === input.value.length;
  return isWhole || (input.selectionStart === edge && input.selectionEnd === edge);
}

form.addEventListener("keydown", (event) => {
  const input = event.target.closest("input[data-column]");
  if (!input || event.ctrlKey || event.metaKey || event.altKey) return;
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [event.shiftKey ? -1 : 1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const step = steps[event.key];
  if (!step || (step[1] && !isAtEdge(input, step[1]))) return;
  if (event.key === "Enter" || go(input, ...step)) event.preventDefault();
  if (event.key === "Enter") go(input, ...step);
});

let pause = 0;
function typed() {
  clearTimeout(pause);
  pause = setTimeout(() => htmx.trigger(form.querySelector("[data-summary]"), "grid:typed"), PAUSE_MS);
}

form.addEventListener("input", (event) => {
  const input = event.target.closest("input[data-column]");
  if (!input) return;
  if (input.closest("tr") === lines().at(-1)) addLine();
  typed();
});

// A block with tabs or lines belongs to the server, which knows headings and people.
form.addEventListener("paste", (event) => {
  const input = event.target.closest("input[data-column]");
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (!input || !/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  form.querySelector("[data-pasted]").value = text;
  form.querySelector("[data-at-row]").value = String(placeOf(input)[0]);
  form.querySelector("[data-at-column]").value = input.dataset.column;
  htmx.trigger(grid(), "grid:paste");
});

form.addEventListener("click", (event) => {
  const way = event.target.closest("[data-way]");
  if (way) {
    event.preventDefault();
    htmx.trigger(grid(), way.dataset.way);
  }
  if (event.target.closest("[data-remove]") && lines().length > 1) {
    event.target.closest("tr").remove();
    lines().forEach((line, place) => (line.cells[0].firstChild.textContent = String(place + 1)));
    changed();
  }
});

// Scripts changed the fields: the draft hears of it as if they had been typed.
function changed() {
  form.dispatchEvent(new Event("input", { bubbles: true }));
  typed();
}

document.addEventListener("htmx:configRequest", (event) => {
  const way = event.detail.triggeringEvent?.type;
  if (way === "grid:paste" || way === "grid:file") event.detail.parameters.action = way.slice(5);
});

// A new summary says what is wrong: the cells show it too, a new grid is a new draft.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.matches("[data-summary]")) mark();
  else if (event.detail.requestConfig?.triggeringEvent?.type.startsWith("grid:")) changed();
});

function mark() {
  for (const cell of form.querySelectorAll("td.is-bad")) {
    cell.classList.remove("is-bad");
    cell.removeAttribute("title");
    cell.firstElementChild.removeAttribute("aria-invalid");
  }
  for (const problem of form.querySelectorAll("[data-problems] > [data-row]")) {
    const line = lines()[Number(problem.dataset.row) - 1];
    const input = line?.querySelector(`[data-column="${problem.dataset.column}"]`);
    input?.setAttribute("aria-invalid", "true");
    input?.parentElement.classList.add("is-bad");
    input?.parentElement.setAttribute("title", problem.lastChild.textContent.trim());
  }
}
