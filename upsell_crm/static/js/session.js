// The session ended while somebody worked: sign in here, over the page, and the interrupted request goes again.

const dialog = document.getElementById("signin");
const waiting = [];

let isOpening = false; // two refused requests at once must not draw the dialog twice over a typed password

export async function signIn(then) {
  if (!dialog) return location.reload();
  waiting.push(then);
  if (dialog.open || isOpening) return;
  isOpening = true;
  try {
    await show(await fetch(`${dialog.dataset.url}?inline=1`, { headers: { "X-Requested-With": "fetch" } }));
    dialog.showModal();
  } finally {
    isOpening = false;
  }
}

async function show(answer) {
  dialog.innerHTML = await answer.text(); // our own server's fragment, escaped by its template
  const name = dialog.querySelector("[name=username]");
  name.value = document.body.dataset.user;
  name.readOnly = true;
  dialog.querySelector("[name=password]").focus();
}

dialog?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const answer = await fetch(`${dialog.dataset.url}?inline=1`, {
    method: "POST", body: new FormData(form), headers: { "X-Requested-With": "fetch" },
  });
  if (answer.status !== 204) return show(answer);
  dialog.close();
  waiting.splice(0).forEach((go) => go());
});

// htmx requests that met a closed door: 401 from SignInRequiredMiddleware.
document.addEventListener("htmx:responseError", (event) => {
  const { xhr, elt } = event.detail;
  if (xhr.status !== 401) return;
  signIn(() => (elt.matches("form") ? elt.requestSubmit() : elt.click()));
});

// A plain form would lose its text to the sign-in page, so the door is tried before it goes.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const isPlain = form.method === "post" && !form.matches("[hx-post], [hx-put], [hx-patch], [hx-delete]");
  const hasText = form.querySelector("textarea, input:not([type=hidden])");
  if (!dialog || !isPlain || !hasText || event.defaultPrevented || form === dialog.querySelector("form")) return;
  if (form.dataset.doorOpen) return void delete form.dataset.doorOpen;
  event.preventDefault();
  const button = event.submitter;
  const go = () => {
    form.dataset.doorOpen = "1";
    form.requestSubmit(button ?? undefined);
  };
  const answer = await fetch(document.body.dataset.session, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
  if (answer?.status === 401) signIn(go);
  else go();
}, true);
