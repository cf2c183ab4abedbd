// Fields in which one person of many is chosen: the server suggests while one types, arrows walk the list, Enter or a
// click takes a name. The form sends the login alone; what is typed and not taken becomes the last name again.

const PAUSE_MS = 150;
let timer;
let asked = 0;

function partsOf(node) {
  const box = node.closest?.("[data-person]");
  if (!box) return null;
  return { box, input: box.querySelector("[role=combobox]"), login: box.querySelector("[type=hidden]"), list: box.querySelector("[role=listbox]") };
}

function show({ input, list }, isShown) {
  list.hidden = !isShown;
  input.setAttribute("aria-expanded", String(isShown));
  if (!isShown) input.removeAttribute("aria-activedescendant");
}

function optionOf({ value, label, note }, id) {
  const option = Object.assign(document.createElement("li"), { id, className: "person-option" });
  option.setAttribute("role", "option");
  option.setAttribute("aria-selected", "false");
  option.dataset.login = value;
  option.append(Object.assign(document.createElement("span"), { textContent: label }));
  if (note) option.append(Object.assign(document.createElement("span"), { className: "muted small", textContent: note }));
  return option;
}

async function suggest(parts) {
  const { box, input, list } = parts;
  const turn = ++asked;
  const query = input.value === input.dataset.shown ? "" : input.value;
  const answer = await fetch(`${box.dataset.person}?q=${encodeURIComponent(query)}`).catch(() => null);
  if (!answer?.ok || turn !== asked || document.activeElement !== input) return;
  const { options } = await answer.json();
  const none = Object.assign(document.createElement("li"), { className: "person-option muted", textContent: list.dataset.none });
  list.replaceChildren(...(options.length ? options.map((one, index) => optionOf(one, `${list.id}-${index}`)) : [none]));
  show(parts, true);
}

function walk({ input, list }, by) {
  const all = [...list.querySelectorAll("[role=option]")];
  if (!all.length) return;
  const here = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  const next = all[here < 0 && by < 0 ? all.length - 1 : (here + by + all.length) % all.length];
  all.forEach((option) => option.setAttribute("aria-selected", String(option === next)));
  input.setAttribute("aria-activedescendant", next.id);
  next.scrollIntoView({ block: "nearest" });
}

function take(parts, value, name) {
  const { input, login } = parts;
  asked += 1;
  clearTimeout(timer);
  input.value = input.dataset.shown = name;
  show(parts, false);
  if (login.value === value) return;
  login.value = value;
  login.dispatchEvent(new Event("change", { bubbles: true }));
}

function takeOption(parts, option) {
  take(parts, option.dataset.login, option.firstElementChild.textContent);
}

function onKey(event, parts) {
  const { input, list } = parts;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    if (list.hidden) suggest(parts);
    else walk(parts, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Enter" && !list.hidden) {
    event.preventDefault();
    const option = list.querySelector("[aria-selected=true]") ?? list.querySelector("[role=option]");
    if (option) takeOption(parts, option);
  } else if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    event.stopPropagation();
    input.value = input.dataset.shown;
    show(parts, false);
  }
}

document.addEventListener("input", (event) => {
  const parts = partsOf(event.target);
  if (!parts || event.target !== parts.input) return;
  clearTimeout(timer);
  if (!parts.input.value) take(parts, "", "");
  timer = setTimeout(() => suggest(parts), PAUSE_MS);
});
// A typed and not yet chosen name is no change for the form around it.
document.addEventListener("change", (event) => partsOf(event.target)?.input === event.target && event.stopPropagation(), true);
document.addEventListener("keydown", (event) => {
  const parts = partsOf(event.target);
  if (parts?.input === event.target) onKey(event, parts);
}, true);
document.addEventListener("focusin", (event) => {
  const parts = partsOf(event.target);
  if (parts?.input !== event.target) return;
  parts.input.select();
  suggest(parts);
});
document.addEventListener("focusout", (event) => {
  const parts = partsOf(event.target);
  if (parts?.input !== event.target) return;
  parts.input.value = parts.input.dataset.shown;
  show(parts, false);
});
document.addEventListener("pointerdown", (event) => event.target.closest?.(".person-options") && event.preventDefault());
document.addEventListener("click", (event) => {
  const option = event.target.closest?.(".person-options > [role=option]");
  if (option) takeOption(partsOf(option), option);
});
document.addEventListener("formdata", (event) => {
  for (const input of event.target.querySelectorAll("[data-person] [role=combobox]")) event.formData.delete(input.name);
});
