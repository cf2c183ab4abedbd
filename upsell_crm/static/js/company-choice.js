// Fields in which one company is chosen: the server suggests while one types, the browser's own list shows it.

const PAUSE_MS = 200;
let timer;

function listOf(input) {
  const id = `${input.id}-options`;
  let list = document.getElementById(id);
  if (!list) {
    list = document.createElement("datalist");
    list.id = id;
    input.after(list);
    input.setAttribute("list", id);
  }
  return list;
}

async function suggest(input) {
  const answer = await fetch(`${input.dataset.options}?q=${encodeURIComponent(input.value)}`).catch(() => null);
  if (!answer?.ok) return;
  const { options } = await answer.json();
  listOf(input).replaceChildren(...options.map(({ value, label }) => Object.assign(new Option(label, value), { label })));
}

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches?.("input[data-options]") || input.value.length < 2) return;
  clearTimeout(timer);
  timer = setTimeout(() => suggest(input), PAUSE_MS);
});
