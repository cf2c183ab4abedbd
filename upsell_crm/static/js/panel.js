// The slide-over: shown when htmx has filled it, closed by Esc, by its cross or by the server (HX-Trigger: panel:close).

const panel = document.getElementById("panel");
let opener = null;

function open() {
  panel.hidden = false;
  document.body.classList.add("has-panel");
  const first = panel.querySelector("[autofocus]") ?? panel.querySelector("#panel-title") ?? panel;
  first.focus();
}

export function closePanel() {
  if (panel.hidden) return;
  panel.dispatchEvent(new CustomEvent("panel:leaving", { bubbles: true }));
  panel.hidden = true;
  panel.replaceChildren();
  document.body.classList.remove("has-panel");
  opener?.isConnected && opener.focus();
  opener = null;
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.target === panel && !panel.contains(event.detail.elt)) opener = event.detail.elt;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target === panel && panel.childElementCount) open();
});
// A refused form (4xx) comes back with its errors and must be shown, not dropped.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const isPage = xhr.getResponseHeader("Content-Type")?.startsWith("text/html");
  if ([400, 403, 404, 409, 412, 422].includes(xhr.status) && isPage) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("panel:close", closePanel);
document.addEventListener("click", (event) => event.target.closest("[data-panel-close]") && closePanel());
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]") && !event.defaultPrevented) closePanel();
});
