// The dropdown of the global search: shown when htmx has filled it, arrows walk it, Enter opens the chosen line.

const box = document.querySelector("[data-search]");
const input = box?.querySelector("input");
const list = box?.querySelector("#search-results");
const hits = () => [...list.querySelectorAll("[role=option]")];

function show(isShown) {
  list.hidden = !isShown;
  input.setAttribute("aria-expanded", String(isShown));
  if (!isShown) input.removeAttribute("aria-activedescendant");
}

function choose(by) {
  const all = hits();
  if (!all.length) return;
  const here = all.findIndex((hit) => hit.getAttribute("aria-selected") === "true");
  const next = all[(here + by + all.length) % all.length] ?? all[0];
  all.forEach((hit) => hit.setAttribute("aria-selected", String(hit === next)));
  input.setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}

function onKey(event) {
  const chosen = list.hidden ? null : list.querySelector("[aria-selected=true]");
  if (event.key === "Escape") {
    event.preventDefault();
    if (list.hidden) input.blur();
    show(false);
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && chosen) {
    event.preventDefault();
    chosen.click();
  }
}

if (box) {
  list.addEventListener("htmx:afterSwap", () => show(Boolean(input.value.trim()) && list.childElementCount > 0));
  input.addEventListener("keydown", onKey);
  box.addEventListener("focusout", (event) => !box.contains(event.relatedTarget) && show(false));
  list.addEventListener("pointerdown", (event) => event.preventDefault());
}
