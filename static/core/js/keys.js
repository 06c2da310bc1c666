// Single keys: they can be switched off in a person's settings, and never fire while somebody types.

const WAIT = 1200;
let going = 0;

const isOn = () => document.body.dataset.keys === "on";

function isTyping(target) {
  if (target.isContentEditable) return true;
  if (target.matches?.("textarea, select, [role=combobox]")) return true;
  return Boolean(target.matches?.("input:not([type=checkbox], [type=radio], [type=button], [type=submit])"));
}

function isCovered() {
  return Boolean(document.querySelector("dialog[open], [popover]:popover-open"));
}

function isVisible(element) {
  return element.getClientRects().length > 0;
}

// Rows. A list of its own (data-rows="own") lies inside what another list has opened, as the documents of a bank line do:
// its key leads into it, the row keys work in it while the focus is there, and Escape leads back.

const OWN = '[data-rows="own"]';

function rowsOf(own) {
  const all = [...document.querySelectorAll("[data-rows] [data-row]")];
  return all.filter((row) => row.closest(OWN) === own && isVisible(row));
}

function rows() {
  return rowsOf(document.activeElement?.closest(OWN) ?? null);
}

function currentRow(all = rows()) {
  const marked = all.find((row) => row.matches("[aria-current], .is-current"));
  return marked ?? all.find((row) => row.contains(document.activeElement)) ?? null;
}

// Where the focus stands in a row: its link, or in a list of its own the tick.
function stopOf(row) {
  if (row.matches("a")) return row;
  return row.querySelector(row.closest(OWN) ? "[data-tick]" : "[data-row-link], a[href]");
}

function show(row) {
  stopOf(row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

function moveTo(row) {
  const kind = row.closest("[data-rows]").dataset.rows;
  for (const other of rows()) other.classList.remove("is-current");
  if (!kind) row.classList.add("is-current");
  show(row);
  if (kind === "load") stopOf(row)?.click();
}

function step(by) {
  const all = rows();
  if (!all.length) return false;
  const at = all.indexOf(currentRow(all));
  moveTo(all[Math.min(Math.max(at + by, 0), all.length - 1)]);
  return true;
}

function enter(own) {
  const all = rowsOf(own);
  const row = currentRow(all) ?? all[0];
  if (row) show(row);
  return Boolean(row);
}

// From a field of a row to its tick, from the tick to the list that the detail belongs to.
function leave(target) {
  const row = target.closest?.(`${OWN} [data-row]`);
  const stop = row && stopOf(row);
  if (stop && stop !== target) {
    stop.focus();
    return true;
  }
  return Boolean(target.closest?.(".split-detail")) && enter(null);
}

let lastTicked = null;

function tick(row, range) {
  const box = row?.querySelector("[data-tick]");
  if (!box) return false;
  const all = rows();
  const value = !box.checked;
  const from = all.indexOf(range && all.includes(lastTicked) ? lastTicked : row);
  const to = all.indexOf(row);
  for (const one of all.slice(Math.min(from, to), Math.max(from, to) + 1)) {
    const each = one.querySelector("[data-tick]");
    if (each && each.checked !== value) {
      each.checked = value;
      each.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
  lastTicked = row;
  return true;
}

// What a key does; true when it did something

function press(selector) {
  const element = [...document.querySelectorAll(selector)].find(isVisible);
  if (!element || element.disabled || element.closest("[data-busy]")) return false;
  if (element.matches(OWN)) return enter(element);
  if (element.matches("input:not([type=checkbox], [type=radio]), textarea, select")) {
    element.focus();
    element.select?.();
  } else {
    element.click();
  }
  return true;
}

function go(key) {
  going = 0;
  const link = document.querySelector(`[data-go="${CSS.escape(key)}"]`);
  link?.click();
  return Boolean(link);
}

const FIXED = {
  j: () => step(1),
  arrowdown: () => step(1),
  k: () => step(-1),
  arrowup: () => step(-1),
  x: (event) => tick(currentRow(), event.shiftKey),
  "/": () => press("[data-filter]"),
  "?": () => showSheet(),
};

function act(event) {
  const key = event.key.toLowerCase();
  if (going && Date.now() - going < WAIT) return go(key);
  if (key === "g") {
    going = Date.now();
    return true;
  }
  if (key === "enter") return document.activeElement === document.body && press(".is-current [data-row-link]");
  return FIXED[key]?.(event) || press(`[data-key="${CSS.escape(key)}"]`);
}

function answered(event) {
  if (event.key === "Escape") return leave(event.target);
  const onControl = event.target.matches?.("input:not([type=checkbox]), summary, [role=radio], [role=tab]");
  if (isTyping(event.target) || (onControl && event.key.startsWith("Arrow"))) return false;
  return act(event);
}

function pressed(event) {
  if (!isOn() || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isCovered()) return;
  if (answered(event)) event.preventDefault();
}

// The sheet lists the page's own keys from the elements that carry them

function showSheet() {
  const sheet = document.getElementById("keys");
  const here = sheet.querySelector("[data-keys-here]");
  const listed = new Map();
  for (const element of document.querySelectorAll("[data-key], [data-key-shown]")) {
    const name = element.dataset.keyName || element.textContent.trim() || element.getAttribute("aria-label");
    const key = element.dataset.keyShown ?? element.dataset.key;
    if (isVisible(element) && name && !listed.has(key)) listed.set(key, name);
  }
  here.querySelector("ul").replaceChildren(...[...listed].map(([key, name]) => line(key, name)));
  here.hidden = listed.size === 0;
  sheet.showModal();
  return true;
}

function line(key, name) {
  const item = document.createElement("li");
  const keys = document.createElement("span");
  const cap = document.createElement("kbd");
  cap.textContent = key.length === 1 ? key.toUpperCase() : key;
  keys.append(cap);
  item.append(name, keys);
  return item;
}

export function startKeys() {
  document.addEventListener("keydown", pressed);
}
