// The CSRF token of this moment: signing in in another tab changes it, so it is read from the cookie each time.

export function csrfToken() {
  const pair = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return pair ? pair.slice("csrftoken=".length) : document.querySelector('meta[name="csrf-token"]').content;
}

export function post(url, body, method = "POST") {
  const headers = { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" };
  return fetch(url, { method, body, headers, credentials: "same-origin" });
}

document.addEventListener("htmx:configRequest", (event) => {
  const { verb, headers, formData } = event.detail;
  if (verb === "get") return;
  headers["X-CSRFToken"] = csrfToken();
  if (formData?.has("csrfmiddlewaretoken")) formData.set("csrfmiddlewaretoken", csrfToken()); // it wins over the header
});

document.addEventListener("submit", (event) => {
  const field = event.target.elements?.csrfmiddlewaretoken;
  if (field) field.value = csrfToken();
}, true);
