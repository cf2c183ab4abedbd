// The outcome form: one-tap values, a future date turns it into a plan, Ctrl+Shift+Enter saves and opens the next.

const formOf = (node) => node.closest?.("form[data-outcome]");

function press(button) {
  const field = document.getElementById(button.dataset.set);
  field.value = button.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true })); // the draft listens
}

// The chip whose value stands in the field looks pressed.
function mark(form) {
  for (const button of form.querySelectorAll("[data-set]")) {
    button.setAttribute("aria-pressed", String(document.getElementById(button.dataset.set).value === button.dataset.value));
  }
}

function refresh(form) {
  const when = form.elements.starts_at.value;
  form.toggleAttribute("data-plan", Boolean(when) && when > form.dataset.now);
  mark(form);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-set]");
  if (button) press(button);
});

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (form) refresh(form);
});

document.addEventListener("keydown", (event) => {
  const form = event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.shiftKey && formOf(event.target);
  if (!form) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  form.requestSubmit(form.querySelector("[data-save-next]"));
}, true);

// After a refusal the first wrong field takes the focus.
function settle(root) {
  const form = root.querySelector("form[data-outcome]");
  if (!form) return;
  refresh(form);
  form.querySelector(".field--bad :is(input, select, textarea):not([type=hidden])")?.focus();
}

document.addEventListener("htmx:afterSwap", (event) => settle(event.detail.target.closest("#panel, main") ?? document));
settle(document);
