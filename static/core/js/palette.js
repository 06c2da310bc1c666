// Ctrl K: documents that the server finds, then the rooms to go to.

import { Listbox, Source } from "./combobox.js";

let box = null;
let source = null;

function parts(palette) {
  return {
    field: palette.querySelector(".pal-input"),
    list: palette.querySelector(".pal-list"),
    found: palette.querySelector("[data-palette-found]"),
    commands: palette.querySelector("[data-palette-commands]"),
    none: palette.querySelector("[data-palette-none]"),
  };
}

function filterCommands(commands, query) {
  const words = query.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const option of commands.querySelectorAll("[role=option]")) {
    const name = option.querySelector(".pal-name").textContent.toLowerCase();
    option.hidden = !words.every((word) => name.includes(word));
    shown += option.hidden ? 0 : 1;
  }
  commands.hidden = shown === 0;
}

function prepare(palette) {
  const { field, list, found, commands, none } = parts(palette);
  const settle = () => {
    list.hidden = false;
    box.choose(box.options[0]);
    none.hidden = box.options.length > 0;
    list.hidden = !none.hidden;
  };
  box = new Listbox(field, list, (option, event) => {
    if (event.type !== "click") option.click();
  });
  if (palette.dataset.source) {
    source = new Source(palette.dataset.source, (html, query) => {
      if (query !== field.value.trim()) return;
      found.innerHTML = html;
      settle();
    });
  }
  field.addEventListener("input", () => {
    const query = field.value.trim();
    filterCommands(commands, query);
    if (query) source?.ask(query);
    else found.replaceChildren();
    settle();
  });
  palette.addEventListener("click", (event) => {
    if (event.target === palette) palette.close();
  });
  palette.addEventListener("close", () => {
    field.value = "";
  });
}

export function start(palette) {
  if (!box) prepare(palette);
  parts(palette).field.dispatchEvent(new Event("input"));
}
