// The cash desk: ticks fill in what is left, amounts are worked out as they are typed, a new customer brings its documents.

import { format, parse } from "../../core/js/money.js";

const ZERO = 0n;
const ROUNDING = 2n;
const RATE_DECIMALS = 8;

// A rate as a whole number of its last decimal; nothing where it is none.
function readRate(text) {
  const told = /^(\d{1,9})(?:[.,](\d{1,8}))?$/.exec(text.trim());
  if (!told) return null;
  const rate = BigInt(told[1] + (told[2] ?? "").padEnd(RATE_DECIMALS, "0"));
  return rate > ZERO ? rate : null;
}

class Desk {
  constructor(form) {
    this.form = form;
    this.decimals = Number(form.dataset.decimals);
    this.available = BigInt(form.dataset.available);
    form.addEventListener("change", (event) => this.changed(event));
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("keydown", (event) => this.pressed(event));
    this.offerSkip();
    this.workOut();
  }

  get rows() {
    return [...this.form.querySelectorAll("[data-desk-row]")];
  }

  partsOf(row) {
    return {
      tick: row.querySelector("[type=checkbox]"),
      field: row.querySelector(".desk-apply"),
      left: row.querySelector("[data-desk-row-left]"),
      open: BigInt(row.dataset.open),
      short: row.nextElementSibling?.matches("[data-desk-short]") ? row.nextElementSibling : null,
    };
  }

  amountOf(row) {
    const { tick, field } = this.partsOf(row);
    return tick.checked ? (parse(field.value, this.decimals) ?? ZERO) : ZERO;
  }

  get left() {
    const left = this.rows.reduce((rest, row) => rest - this.amountOf(row), this.available);
    return this.abroad.reduce((rest, row) => rest - this.takenOf(row, rest), left);
  }

  get abroad() {
    return [...this.form.querySelectorAll("[data-desk-abroad]")];
  }

  // What a document of another currency takes of the money, in its smallest unit; a penny or two is only rounding.
  takenOf(row, rest) {
    const price = this.priceOf(row);
    const gap = price > rest ? price - rest : rest - price;
    return price !== ZERO && gap <= ROUNDING ? rest : price;
  }

  priceOf(row) {
    const { tick, field, rate } = this.partsAbroad(row);
    if (!tick.checked || rate === null) return ZERO;
    const amount = parse(field.value, Number(row.dataset.decimals)) ?? ZERO;
    const scale = 10n ** BigInt(RATE_DECIMALS + Number(row.dataset.decimals) - this.decimals);
    return (amount * rate + scale / 2n) / scale;
  }

  partsAbroad(row) {
    const rate = row.querySelector(".desk-rate input");
    return {
      tick: row.querySelector("[type=checkbox]"),
      field: row.querySelector(".desk-apply"),
      rate: readRate(rate.value),
      left: row.querySelector("[data-desk-row-left]"),
      takes: row.querySelector("[data-desk-takes]"),
      open: BigInt(row.dataset.open),
    };
  }

  changed(event) {
    const customer = event.target.closest("[data-desk-customer]");
    if (customer) {
      this.showCustomer(customer.dataset.deskCustomer, event.target.value);
      return;
    }
    const row = event.target.closest("[data-desk-row]");
    if (row && event.target.type === "checkbox") this.tick(row);
    const abroad = event.target.closest("[data-desk-abroad]");
    if (abroad && event.target.type === "checkbox") this.tickAbroad(abroad);
    this.workOut();
  }

  // A tick settles what the money that is left is worth, never more than is open.
  tickAbroad(row) {
    const { tick, field, rate, open } = this.partsAbroad(row);
    field.value = "";
    if (!tick.checked || rate === null) return;
    const left = this.left;
    const scale = 10n ** BigInt(RATE_DECIMALS + Number(row.dataset.decimals) - this.decimals);
    const worth = left > ZERO ? (left * scale + rate / 2n) / rate : ZERO;
    field.value = format(worth > open ? open : worth, Number(row.dataset.decimals));
  }

  typed(event) {
    const row = event.target.closest("[data-desk-row], [data-desk-abroad]");
    if (row?.matches("[data-desk-abroad]") && event.target.closest(".desk-rate")) this.workOut();
    if (!row || !event.target.matches(".desk-apply")) return;
    row.querySelector("[type=checkbox]").checked = event.target.value.trim() !== "";
    this.workOut();
  }

  // Enter takes an amount and goes back to the row's tick, where the keys of the list work again.
  pressed(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !event.target.matches(".desk-apply")) return;
    event.preventDefault();
    event.target.closest("[data-desk-row], [data-desk-abroad]").querySelector("[type=checkbox]").focus();
  }

  // A tick takes what is left, never more than is open; a credit note gives all that it has.
  tick(row) {
    const { tick, field, open } = this.partsOf(row);
    if (!tick.checked) {
      field.value = "";
      return;
    }
    field.value = "";
    const left = this.left;
    const most = open < ZERO || left > open ? open : left;
    field.value = format(open > ZERO && most < ZERO ? ZERO : most, this.decimals);
  }

  workOut() {
    for (const row of this.rows) this.showRow(row);
    for (const row of this.abroad) this.showAbroad(row);
    const left = this.left;
    this.form.querySelector("[data-desk-applied]").textContent = format(this.available - left, this.decimals);
    this.form.querySelector("[data-desk-left]").textContent = format(left, this.decimals);
    this.form.querySelector("[data-desk-rest]").hidden = left <= ZERO;
    const box = this.form.querySelector("[data-desk-left-box]");
    box.dataset.state = left < ZERO ? "over" : left > ZERO ? "some" : "none";
  }

  showRow(row) {
    const { tick, left, open, short } = this.partsOf(row);
    const rest = open - this.amountOf(row);
    left.textContent = format(rest, this.decimals);
    left.classList.toggle("is-warn", tick.checked && rest !== ZERO);
    row.classList.toggle("is-selected", tick.checked);
    if (!short) return;
    short.hidden = !(tick.checked && rest > ZERO);
    const by = short.querySelector("[data-desk-short-by]");
    by.textContent = `${format(rest, this.decimals)} ${this.form.dataset.currency}`;
  }

  showAbroad(row) {
    const { tick, field, left, takes, open } = this.partsAbroad(row);
    const decimals = Number(row.dataset.decimals);
    const rest = open - (tick.checked ? (parse(field.value, decimals) ?? ZERO) : ZERO);
    left.textContent = format(rest, decimals);
    left.classList.toggle("is-warn", tick.checked && rest !== ZERO);
    takes.textContent = `${format(this.priceOf(row), this.decimals)} ${this.form.dataset.currency}`;
    row.classList.toggle("is-selected", tick.checked);
  }

  showCustomer(url, customer) {
    const code = customer.split(" · ")[0].trim();
    if (!this.form.isConnected || !code || code === this.form.dataset.customer) return;
    this.form.dataset.customer = code;
    const address = new URL(url, location.href);
    address.searchParams.set("customer", customer);
    window.htmx.ajax("GET", address.pathname + address.search, { target: "#detail", swap: "outerHTML" });
  }

  offerSkip() {
    const skip = this.form.querySelector("[data-desk-skip]");
    const current = document.querySelector(".split-row[aria-current]");
    const next = current?.nextElementSibling;
    if (!skip || !next?.matches(".split-row")) return;
    skip.hidden = false;
    skip.href = next.href;
    skip.addEventListener("click", (event) => {
      event.preventDefault();
      next.click();
    });
  }
}

function markCurrent(detail) {
  const pk = detail.querySelector("[data-line]")?.dataset.line;
  if (!pk) return;
  for (const row of document.querySelectorAll(".split-row[aria-current]")) row.removeAttribute("aria-current");
  document.getElementById(`desk-row-${pk}`)?.setAttribute("aria-current", "true");
}

function start(root) {
  const detail = root.id === "detail" ? root : root.querySelector("#detail");
  if (detail) markCurrent(detail);
  for (const form of root.querySelectorAll("[data-desk]:not([data-desk-started])")) {
    form.dataset.deskStarted = "yes";
    new Desk(form);
  }
}

// After a swap the keyboard goes on at the line of the list, unless what had the focus has come again. Other parts of
// the page may be swapped in between, such as the figures in the menu: they change nothing about it.
let lost = null;

function noteFocus(event) {
  const target = event.detail.target;
  const isNowhere = target.id === "desk" && document.activeElement === document.body;
  if (isNowhere || target.contains(document.activeElement)) lost = target.id;
}

function bringFocusBack(event) {
  if (event.detail.target?.id !== lost) return;
  const isNext = lost === "desk" && !document.activeElement.matches("button");
  const isGone = lost !== null && document.activeElement === document.body;
  lost = null;
  if (!isNext && !isGone) return;
  const row = document.querySelector(".split-row[aria-current]");
  const place = row?.getClientRects().length ? row : document.getElementById("detail");
  place?.focus({ preventScroll: place !== row });
}

function openedQuestion(event) {
  if (event.target.matches?.(".desk-ask") && event.target.open) event.target.querySelector("input").focus();
}

start(document.body);
document.addEventListener("htmx:afterSwap", () => start(document.body));
document.addEventListener("htmx:beforeSwap", noteFocus);
document.addEventListener("htmx:afterSettle", bringFocusBack);
document.addEventListener("toggle", openedQuestion, true);
