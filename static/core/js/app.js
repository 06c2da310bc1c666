// Starts what every page needs. Everything here improves links and forms that also work without it.

import { startForms } from "./forms.js";
import { startKeys } from "./keys.js";
import { startOverlays } from "./overlays.js";

startOverlays();
startForms();
startKeys();

const palette = document.getElementById("palette");

// The dialog opens at once, so that nothing that is typed meanwhile gets lost.
async function openPalette() {
  if (palette.open) return;
  palette.showModal();
  const { start } = await import("./palette.js");
  start(palette);
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-palette-open]")) {
    event.preventDefault();
    openPalette();
  }
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
  }
});

// What somebody folded or unfolded stays so. Where one is stays unfolded, so that the mark of the page can be seen.
for (const part of document.querySelectorAll("details[data-remember]")) {
  const kept = localStorage.getItem(part.dataset.remember);
  if (kept && !part.querySelector("[aria-current]")) part.open = kept === "open";
  part.addEventListener("toggle", () => localStorage.setItem(part.dataset.remember, part.open ? "open" : "folded"));
}

// Modules for parts that only some pages have.
async function startParts(root) {
  if (root.querySelector("[data-combo]")) {
    const { startCombos } = await import("./combobox.js");
    startCombos(root);
  }
  if (root.querySelector("[data-money]")) {
    const { startMoney } = await import("./money.js");
    startMoney(root);
  }
  if (root.querySelector("[data-tip]")) {
    const { startTips } = await import("./tips.js");
    startTips();
  }
}

startParts(document);
document.addEventListener("htmx:load", (event) => startParts(event.detail.elt));

// A split page that loaded its detail shows it instead of the list where the window holds only one of them.
document.addEventListener("htmx:afterSwap", (event) => {
  event.target.closest?.(".split-detail")?.closest(".split")?.classList.add("has-choice");
});

// While the next detail is on its way the old one still stands there: no key may act on what nobody looks at any more.
function markBusy(event) {
  const detail = event.detail.target;
  if (detail?.matches?.(".split-detail")) detail.toggleAttribute("data-busy", event.type === "htmx:beforeRequest");
}

document.addEventListener("htmx:beforeRequest", markBusy);
document.addEventListener("htmx:afterRequest", markBusy);
