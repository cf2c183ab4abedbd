// Chips of the outcome line: Enter leads to the field that a chip has filled, Delete removes the chip.

const chipsOf = (place) => [...place.querySelectorAll(".line-chip")];
let standing = -1; // which chip had the focus before the chips were drawn anew
let typed = 0; // how often another field than the text was changed

const lineOf = (node) => node?.closest?.("#outcome-line");

function goTo(form, selector) {
  const field = selector && form.querySelector(selector);
  if (!field) return;
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  field.focus();
  field.scrollIntoView({ block: "center" });
}

document.addEventListener("click", (event) => {
  const chip = event.target.closest?.("[data-goto]");
  if (chip) goTo(chip.form, chip.dataset.goto);
  const line = event.target.closest?.(".line-chip-x") && lineOf(event.target);
  if (line) standing = chipsOf(line).indexOf(event.target.closest(".line-chip"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Delete" && event.key !== "Backspace") return;
  const remove = event.target.closest?.(".line-chip")?.querySelector("[name=line_drop]");
  if (!remove) return;
  event.preventDefault();
  remove.click();
});

// What is typed elsewhere while the text is being read must not be painted over: the answer is thrown away and asked again.
document.addEventListener("input", (event) => {
  if (event.target.matches("form[data-outcome] :is(input, select, textarea):not([name=summary])")) typed += 1;
});
document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target?.id === "outcome-line") event.detail.xhr.typedBefore = typed;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (target?.id !== "outcome-line") return;
  if (xhr.status === 401) event.detail.isError = false; // the draft or the save will ask to sign in
  const isLeaving = target.closest("[data-busy]") !== null; // the form is on its way: the save reads the text itself
  if (xhr.typedBefore === typed && !isLeaving) return;
  event.detail.shouldSwap = false;
  if (!isLeaving) document.querySelector("[data-line-reader]")?.dispatchEvent(new Event("line:read"));
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target?.id !== "outcome-line") return;
  const form = event.detail.target.closest("form");
  form.dispatchEvent(new Event("input", { bubbles: true })); // the draft keeps the chips, quick chips light up
  if (standing < 0) return;
  const chips = chipsOf(event.detail.target);
  (chips[Math.min(standing, chips.length - 1)]?.querySelector("button") ?? form.elements.summary).focus();
  standing = -1;
});
