// Menus made of <details data-menu> close by Esc and by a click elsewhere; forms marked data-autosubmit send themselves.

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector("summary").focus();
    event.preventDefault();
  }
});
document.addEventListener("change", (event) => event.target.form?.matches("form[data-autosubmit]") && event.target.form.requestSubmit());
document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());
document.addEventListener("click", (event) => event.target.closest("[data-back]") && history.back());
document.addEventListener("click", (event) => {
  const source = event.target.closest("[data-fill]");
  if (!source) return;
  const field = document.getElementById(source.dataset.fill);
  field.value = source.dataset.value;
  field.form.querySelector("[type=password]")?.focus();
});
