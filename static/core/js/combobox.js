// The listbox of an APG combobox: arrows choose, Enter takes, Escape closes; the focus stays in the field.

const PAUSE = 120;

export class Listbox {
  constructor(field, list, take) {
    this.field = field;
    this.list = list;
    this.take = take;
    field.addEventListener("keydown", (event) => this.pressed(event));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.take(option, event);
    });
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")].filter((option) => !option.closest("[hidden]"));
  }

  get chosen() {
    return this.options.find((option) => option.getAttribute("aria-selected") === "true") ?? null;
  }

  choose(option) {
    for (const other of this.list.querySelectorAll("[aria-selected=true]")) other.setAttribute("aria-selected", "false");
    if (!option) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    if (!option.id) option.id = `${this.list.id}-${this.options.indexOf(option)}`;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  pressed(event) {
    const all = this.options;
    const at = all.indexOf(this.chosen);
    const moves = { ArrowDown: at + 1, ArrowUp: at < 0 ? all.length - 1 : at - 1, PageDown: at + 8, PageUp: at - 8 };
    if (event.key in moves && all.length) {
      event.preventDefault();
      const beyond = event.key.startsWith("Arrow");
      const wanted = moves[event.key];
      const bounded = Math.min(Math.max(wanted, 0), all.length - 1);
      this.choose(all[beyond ? (wanted + all.length) % all.length : bounded]);
    } else if (event.key === "Enter" && this.chosen && !event.ctrlKey) {
      event.preventDefault();
      this.take(this.chosen, event);
    }
  }
}

// Asks the server while somebody types; only the newest question is answered.
export class Source {
  constructor(url, answered) {
    this.url = url;
    this.answered = answered;
  }

  ask(query) {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.timer = setTimeout(() => this.send(query), PAUSE);
  }

  async send(query) {
    this.asked = new AbortController();
    const url = new URL(this.url, location.href);
    url.searchParams.set("q", query);
    try {
      const response = await fetch(url, { headers: { "HX-Request": "true" }, signal: this.asked.signal });
      if (response.status === 200) this.answered(await response.text(), query);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }
}

function startCombo(combo) {
  combo.dataset.comboStarted = "yes";
  const field = combo.querySelector("[role=combobox]");
  const list = combo.querySelector("[role=listbox]");
  const show = (isOpen) => {
    list.hidden = !isOpen;
    field.setAttribute("aria-expanded", String(isOpen));
  };
  const box = new Listbox(field, list, (option) => {
    field.value = option.dataset.value;
    show(false);
    box.choose(null);
    field.dispatchEvent(new Event("change", { bubbles: true }));
  });
  const source = new Source(combo.dataset.combo, (html) => {
    list.innerHTML = html;
    show(true);
    box.choose(box.options[0]);
  });
  field.addEventListener("input", () => (field.value.trim() ? source.ask(field.value.trim()) : show(false)));
  field.addEventListener("blur", () => show(false));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    } else if (event.key === "ArrowDown" && list.hidden) {
      source.send(field.value.trim());
    }
  });
}

export function startCombos(root) {
  for (const combo of root.querySelectorAll("[data-combo]:not([data-combo-started])")) startCombo(combo);
}
