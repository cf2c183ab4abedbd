// One save for one intention: the button rests while the form is on its way, Ctrl+Enter saves the form in focus.

function rest(form, isBusy) {
  form.toggleAttribute("data-busy", isBusy);
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.setAttribute("aria-busy", String(isBusy));
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-submit-once]") || event.defaultPrevented) return;
  if (form.hasAttribute("data-busy")) {
    event.preventDefault();
    event.stopImmediatePropagation();
  } else {
    rest(form, true);
  }
}, true); // before htmx, which takes the event for itself

const release = (event) => event.target.closest?.("[data-submit-once]") && rest(event.target.closest("form"), false);
document.addEventListener("htmx:afterRequest", release);
document.addEventListener("htmx:sendError", release);
addEventListener("pageshow", () => document.querySelectorAll("[data-busy]").forEach((form) => rest(form, false)));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest?.("form");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit();
});
