// What is typed into <form data-draft="key"> is kept by the server 1.5 s after the last key and on leaving a field.
// Nothing goes to the storage of the browser: the next person at this computer must not find it.
import { csrfToken, post } from "./csrf.js";
import { signIn } from "./session.js";

const PAUSE_MS = 1_500;
const RETRY_MS = 5_000;
const WORDS = document.getElementById("words").dataset; // in the language of the page

const timers = new WeakMap();
const dirty = new WeakSet();

const draftForm = (node) => node?.closest?.("form[data-draft]");
const address = (form) => document.body.dataset.drafts.replace("KEY", encodeURIComponent(form.dataset.draft));

function contents(form) {
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken");
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  return data;
}

function say(form, state, text) {
  let place = form.querySelector("[data-draft-state]");
  if (!place) {
    place = document.createElement("span");
    place.dataset.draftState = "";
    (form.querySelector(".form-actions") ?? form).append(place);
  }
  place.className = "draft-state";
  place.setAttribute("role", "status");
  place.dataset.state = state;
  place.textContent = text;
}

function later(form, pause) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), pause));
}

async function save(form) {
  clearTimeout(timers.get(form));
  if (!dirty.has(form) || !form.isConnected) return;
  dirty.delete(form);
  say(form, "saving", WORDS.saving);
  const answer = await post(address(form), contents(form)).catch(() => null);
  if (answer?.ok) {
    const { saved_at: time } = await answer.json();
    if (!dirty.has(form)) say(form, "saved", `${WORDS.saved} ${time}`);
  } else if (answer?.status === 413) {
    say(form, "waiting", WORDS.large);
  } else {
    dirty.add(form);
    say(form, "waiting", WORDS.waiting);
    if (answer?.status === 401) signIn(() => save(form));
    else later(form, RETRY_MS);
  }
}

// Leaving the page or the panel: the last keys go with a request that outlives the page.
function saveOnLeaving(form) {
  if (!dirty.has(form)) return;
  dirty.delete(form);
  const body = contents(form);
  fetch(address(form), { method: "POST", body, headers: { "X-CSRFToken": csrfToken() }, keepalive: true });
}

document.addEventListener("input", (event) => {
  const form = draftForm(event.target);
  if (!form) return;
  dirty.add(form);
  later(form, PAUSE_MS);
});
document.addEventListener("focusout", (event) => {
  const form = draftForm(event.target);
  if (form && dirty.has(form)) save(form);
});
document.addEventListener("submit", (event) => {
  const form = draftForm(event.target);
  if (!form) return;
  clearTimeout(timers.get(form)); // the form itself is on its way; a refused one is dirty again at the next key
  dirty.delete(form);
});
addEventListener("online", () => document.querySelectorAll("form[data-draft]").forEach(save));
addEventListener("pagehide", () => document.querySelectorAll("form[data-draft]").forEach(saveOnLeaving));
document.addEventListener("panel:leaving", (event) =>
  event.target.querySelectorAll("form[data-draft]").forEach(saveOnLeaving));
