// Keys of links and buttons: data-hotkey="m" or "g d". Nothing happens while somebody types.

const dialog = document.getElementById("hotkeys");
const SEQUENCE_MS = 1_200;
let first = "";
let timer = 0;

const isTyping = (node) => node.closest?.("input, textarea, select, [contenteditable], dialog[open]");

function visible(keys) {
  const layer = document.querySelector("#panel:not([hidden])") ?? document;
  const fits = (node) => node.dataset.hotkey === keys && node.checkVisibility();
  return [...layer.querySelectorAll("[data-hotkey]")].find(fits) ?? [...document.querySelectorAll("[data-hotkey]")].find(fits);
}

function activate(node) {
  if (node.matches("input, textarea, select")) {
    node.focus();
    node.select?.();
  } else {
    node.click();
  }
}

// Keys are taken by their place, so that shortcuts work in the Russian layout too.
function keyOf(event) {
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return letter[1].toLowerCase();
  if (event.code === "Slash" && event.key !== "?") return event.shiftKey ? "?" : "/";
  return event.key;
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event.target)) return;
  const key = keyOf(event);
  const target = visible(first ? `${first} ${key}` : key) ?? visible(key);
  clearTimeout(timer);
  first = target || key.length > 1 ? "" : key; // a key that ends no sequence may begin one
  timer = setTimeout(() => (first = ""), SEQUENCE_MS);
  if (!target && key !== "?") return;
  event.preventDefault();
  if (target) activate(target);
  else openHelp();
});

function openHelp() {
  if (!dialog) return;
  const list = dialog.querySelector("[data-page-keys]");
  list.replaceChildren(...[...document.querySelectorAll("[data-hotkey]")].filter((node) => !["?", "/"].includes(node.dataset.hotkey)).map(line));
  dialog.querySelector("h3").hidden = !list.childElementCount;
  dialog.showModal();
}

function line(node) {
  const row = document.createElement("div");
  const keys = row.appendChild(document.createElement("dt"));
  for (const key of node.dataset.hotkey.split(" ")) {
    keys.appendChild(document.createElement("kbd")).textContent = key;
    keys.append(" ");
  }
  const label = node.querySelector(".sidebar-label") ?? node;
  row.appendChild(document.createElement("dd")).textContent = node.getAttribute("aria-label") || label.textContent.trim();
  return row;
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-help]")) openHelp();
});
