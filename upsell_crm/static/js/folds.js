// A button with data-fold opens and closes the element of that id; htmx fills it at the first opening.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-fold]");
  if (!button) return;
  const part = document.getElementById(button.dataset.fold);
  part.hidden = !part.hidden;
  button.setAttribute("aria-expanded", String(!part.hidden));
});
