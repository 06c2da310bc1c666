// The worklist: the row that is open is marked, days are taken from buttons, single keys choose an outcome.

const OUTCOMES = { 1: "promise", 2: "voicemail_left", 3: "no_answer", 4: "wrong_number", d: "dispute", b: "callback" };

function mark(row) {
  for (const other of row.closest("tbody").children) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-row-link]");
  if (link?.closest(".wl-table")) mark(link.closest("[data-row]"));
  const day = event.target.closest("[data-set-day]");
  if (day) document.getElementById(day.dataset.for).value = day.dataset.setDay;
});

// The outcome that is chosen leads into the first field that it needs.
document.addEventListener("change", (event) => {
  if (event.target.name !== "outcome") return;
  const first = event.target.form.querySelector(`.call-part.is-${CSS.escape(event.target.value)} input`);
  first?.focus();
});

function name(form) {
  for (const [key, outcome] of Object.entries(OUTCOMES)) {
    const radio = form.querySelector(`[name=outcome][value="${outcome}"]`);
    if (!radio || radio.dataset.key) continue;
    radio.dataset.key = key;
    radio.dataset.keyName = radio.closest("label").textContent.trim();
    const cap = document.createElement("kbd");
    cap.textContent = key.toUpperCase();
    radio.closest("label").append(cap);
  }
  const note = form.querySelector("[name=note]");
  if (note) Object.assign(note.dataset, { key: "n", keyName: "Note" });
}

function start() {
  for (const form of document.querySelectorAll(".call-form")) name(form);
}

start();
document.addEventListener("htmx:afterSettle", start);
