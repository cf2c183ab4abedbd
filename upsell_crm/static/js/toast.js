// Short news with an undo: from the server by HX-Trigger {"toast": {"text": "…", "undo": "/url/"}}, or from scripts.
import { post } from "./csrf.js";

const VISIBLE_MS = 10_000; // as long as undo is offered
const shelf = document.getElementById("toasts");
const WORDS = document.getElementById("words").dataset;

export function toast({ text, lines = [], undo = "", tone = "info" }) {
  const item = document.createElement("div");
  item.className = `toast toast--${tone}`;
  const words = item.appendChild(document.createElement("div"));
  for (const line of [text, ...lines]) words.appendChild(document.createElement("p")).textContent = line;
  if (undo) item.append(undoButton(item, undo));
  item.append(closeButton(item));
  shelf.append(item);
  fadeLater(item);
}

function undoButton(item, url) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--small btn--undo";
  button.textContent = WORDS.undo;
  button.addEventListener("click", async () => {
    button.disabled = true;
    const answer = await post(url).catch(() => null);
    item.remove();
    if (answer?.ok) location.reload();
    else toast({ text: (await refusal(answer)) || WORDS.failed, tone: "error" });
  });
  return button;
}

async function refusal(answer) {
  const type = answer?.headers.get("Content-Type") ?? "";
  return type.includes("json") ? (await answer.json()).detail : "";
}

function closeButton(item) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn--ghost btn--icon";
  button.setAttribute("aria-label", WORDS.close);
  button.textContent = "×";
  button.addEventListener("click", () => item.remove());
  return button;
}

// A toast stays while it is pointed at or holds the focus (WCAG 2.2.1).
function fadeLater(item) {
  const held = () => item.matches(":hover, :focus-within");
  setTimeout(function leave() {
    if (held()) setTimeout(leave, 1_000);
    else item.remove();
  }, VISIBLE_MS);
}

document.addEventListener("toast", (event) => toast(event.detail));
const failed = () => toast({ text: WORDS.failed, tone: "error" });
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:responseError", (event) => event.detail.xhr.status >= 500 && failed());
shelf.addEventListener("click", (event) => event.target.closest("[data-toast-close]")?.parentElement.remove());
shelf.querySelectorAll("[data-toast]").forEach(fadeLater);
