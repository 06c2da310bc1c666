// Forms: sent once, saved by Ctrl+Enter, filters that apply themselves, ticks with a count, preferences at once.

function sentOnce(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(() => release(form), 8000);
}

function release(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
}

function saveByKey(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.form ?? event.target.closest?.("form") ?? document.querySelector("form[data-save]");
  const fields = form ? [...form.elements] : [];
  const button = fields.find((field) => field.matches("[data-save], .is-primary[type=submit], button.is-primary"));
  if (!button) return;
  event.preventDefault();
  if (!form.closest("[data-busy]")) form.requestSubmit(button);
}

function applyFilter(event) {
  const form = event.target.closest("form[data-auto]");
  if (form && event.target.matches("select, input[type=checkbox], input[type=radio], input[type=date]")) {
    form.requestSubmit();
  }
}

// Empty fields would only make the address long.
function dropEmpty(event) {
  if (event.target.method !== "get") return;
  for (const field of event.target.elements) {
    if (field.name && field.value === "" && field.name !== "q") field.disabled = true;
  }
  setTimeout(() => {
    for (const field of event.target.elements) field.disabled = false;
  });
}

// On a phone the filters beside the search stay folded until somebody wants them.
function foldFilters(form) {
  const fields = [...form.querySelectorAll(":scope > .field:not(.is-search)")];
  if (fields.length < 2 || form.dataset.folded) return;
  const used = fields.filter((field) => field.querySelector("select, input")?.value).length;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn filters-fold";
  button.textContent = used ? `Filters, ${used} set` : "Filters";
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    const isFolded = form.dataset.folded === "yes";
    form.dataset.folded = isFolded ? "no" : "yes";
    button.setAttribute("aria-expanded", String(isFolded));
  });
  const search = form.querySelector(":scope > .is-search");
  if (search) search.after(button);
  else form.prepend(button);
  form.dataset.folded = "yes";
}

function ticks(root) {
  return [...root.querySelectorAll("tbody [data-tick]")];
}

function countTicks(event) {
  const root = event.target.closest?.("[data-ticks]");
  if (!root || !event.target.matches("[data-tick], [data-tick-all]")) return;
  if (event.target.matches("[data-tick-all]")) {
    for (const box of ticks(root)) box.checked = event.target.checked;
  }
  const all = ticks(root);
  const ticked = all.filter((box) => box.checked);
  for (const box of all) box.closest("tr").classList.toggle("is-selected", box.checked);
  const head = root.querySelector("[data-tick-all]");
  if (head) {
    head.checked = ticked.length > 0 && ticked.length === all.length;
    head.indeterminate = ticked.length > 0 && ticked.length < all.length;
  }
  const bar = root.querySelector("[data-count]");
  if (bar) bar.dataset.count = String(ticked.length);
  for (const label of root.querySelectorAll("[data-count-text]")) label.textContent = String(ticked.length);
}

// Chromium keeps some light-dark() colours after the scheme has changed; drawing the page anew lets them go.
function redraw() {
  const root = document.documentElement;
  const top = window.scrollY;
  root.hidden = true;
  root.getBoundingClientRect();
  root.hidden = false;
  window.scrollTo(0, top);
}

async function keepPreference(event) {
  const form = event.target.closest("form[data-preferences]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { name, value } = event.submitter;
  document.documentElement.dataset[name] = value;
  redraw();
  for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-current");
  event.submitter.setAttribute("aria-current", "true");
  const body = new FormData(form);
  body.set(name, value);
  await fetch(form.action, { method: "POST", body, headers: { "HX-Request": "true" } });
}

export function startForms() {
  document.querySelectorAll("form.filters").forEach(foldFilters);
  document.addEventListener("submit", keepPreference, true);
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  document.addEventListener("submit", dropEmpty);
  document.addEventListener("submit", sentOnce);
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.matches?.("form")) release(event.target);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
  document.addEventListener("keydown", saveByKey);
  document.addEventListener("change", applyFilter);
  document.addEventListener("change", countTicks);
}
