// What script adds to /docs: the answer beside the form, and code for the URL that the form makes, to be copied.

const PATIENCE = 15000; // milliseconds

const element = (tag, attributes, ...children) => {
  const one = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => one.setAttribute(name, value));
  one.append(...children);
  return one;
};

// The URL of a form; a field that was emptied is left out.
function address(form) {
  const pairs = Array.from(new FormData(form)).filter(([, value]) => value !== "");
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
  return `${form.action}?${query.join("&")}`;
}

function write(form) {
  const url = address(form).replaceAll("'", "%27");
  form.parentElement.querySelectorAll("[data-code]").forEach((one) => {
    one.textContent = one.dataset.code.replaceAll("{url}", url);
  });
}

async function ask(form) {
  const output = form.parentElement.querySelector("output");
  output.hidden = false;
  output.replaceChildren(element("p", {}, "Asking…"));
  const patience = new AbortController(), { signal } = patience;
  setTimeout(() => patience.abort(), PATIENCE); // AbortSignal.timeout is missing in browsers of 2022
  try {
    const answer = await fetch(address(form), { signal });
    output.replaceChildren(...told(answer, await answer.text()));
  } catch {
    output.replaceChildren(element("p", {}, "There was no answer."));
  }
}

function told(answer, text) {
  const headers = ["age", "cache-status", "etag"].map((name) => [name, answer.headers.get(name)]);
  const lines = headers.filter(([, value]) => value).map(([name, value]) => `${name}: ${value}`);
  return [
    element("p", {}, `${answer.status}, ${new TextEncoder().encode(text).length} bytes`),
    element("pre", { tabindex: "0" }, `${lines.join("\n")}\n\n${pretty(text)}`),
  ];
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function copier(figure) {
  const button = element("button", { type: "button", class: "copy" }, "Copy");
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(figure.querySelector("pre").textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 2000);
  });
  return button;
}

document.querySelectorAll("form.try").forEach((form) => {
  form.querySelectorAll("input:not([name=q])").forEach((input) => { input.required = false; });
  form.addEventListener("input", () => write(form));
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(form); });
});
if (navigator.clipboard) document.querySelectorAll("figure.code").forEach((one) => one.append(copier(one)));
