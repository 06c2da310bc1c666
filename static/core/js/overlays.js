// What lies above the page: menus, dialogs and short messages.

// Popover menus open and close by themselves; this puts them beside their button.

const GAP = 4;
const EDGE = 8;

function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const wanted = button.dataset.menu === "start" ? at.left : at.right - width;
  const side = at.right < window.innerWidth / 3 ? at.left : wanted;
  const left = Math.min(Math.max(side, EDGE), window.innerWidth - width - EDGE);
  const below = at.bottom + GAP;
  const fits = below + height + EDGE <= window.innerHeight;
  const top = fits && button.dataset.menu !== "up" ? below : Math.max(at.top - GAP - height, EDGE);
  menu.classList.add("is-placed");
  menu.style.left = `${left}px`;
  menu.style.top = `${top}px`;
}

function buttonOf(menu) {
  return document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`);
}

function toggled(event) {
  const menu = event.target;
  if (!menu.matches?.(".menu[popover]")) return;
  const button = buttonOf(menu);
  if (!button) return;
  const isOpen = event.newState === "open";
  button.setAttribute("aria-expanded", String(isOpen));
  if (isOpen) place(menu, button);
}

// Arrow keys walk through the items, as people expect of a menu.
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const menu = event.target.closest?.(".menu[popover]");
  if (!step || !menu || event.target.matches("input, select, textarea")) return;
  const items = [...menu.querySelectorAll(".menu-item")];
  const next = items[(items.indexOf(document.activeElement) + step + items.length) % items.length];
  event.preventDefault();
  next?.focus();
}

function startMenus() {
  document.addEventListener("toggle", toggled, true);
  document.addEventListener("keydown", walk);
  for (const button of document.querySelectorAll("[popovertarget]")) button.setAttribute("aria-expanded", "false");
  document.addEventListener("click", (event) => {
    const name = event.target.closest("[data-dialog]")?.dataset.dialog;
    if (name) document.getElementById(name)?.showModal();
  });
}

// Short messages after something was done. They stay until the next action, so that nobody has to hurry.
// A server says one with the event "toast" in HX-Trigger-After-Settle: {"toast": {"text": "...", "undo": "/address/"}}.

const region = () => document.getElementById("toasts");

export function say(text, undo = "") {
  const made = document.getElementById("toast-template").content.cloneNode(true);
  const toast = made.querySelector("[data-toast]");
  toast.querySelector("[data-toast-text]").textContent = text;
  const form = toast.querySelector("[data-toast-undo]");
  if (undo) {
    form.action = undo;
    form.hidden = false;
  } else {
    form.remove();
  }
  region().replaceChildren(toast);
}

function startToasts() {
  document.addEventListener("toast", (event) => say(event.detail.text, event.detail.undo));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-toast-close]")) event.target.closest("[data-toast]").remove();
  });
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    say(status === 403 ? "You may not do that here." : `That did not work (${status}). Nothing was changed.`);
  });
  document.addEventListener("htmx:sendError", () => say("The server can’t be reached. Nothing was changed."));
}

export function startOverlays() {
  startMenus();
  startToasts();
}
