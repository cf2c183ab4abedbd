// A field edited in its place: Esc takes the typing back (Enter saves, as in every form), the focus returns.

document.addEventListener("keydown", (event) => {
  const form = event.key === "Escape" && event.target.closest?.("form[data-inline]");
  if (!form) return;
  event.preventDefault();
  form.querySelector("[data-inline-cancel]").click();
});
document.addEventListener("htmx:afterSwap", (event) => {
  const field = event.detail.elt?.querySelector?.("form[data-inline] .input");
  if (!field) return;
  field.focus();
  field.select?.();
});
