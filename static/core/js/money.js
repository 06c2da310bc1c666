// Exact arithmetic on amounts, in the smallest unit of their currency and without floating point.

export const MINUS = "\u2212";

// "1,234.50", "1.234,50", "(12.00)", "−3" as whole cents; null when it is no amount.
export function parse(text, decimals = 2) {
  const trimmed = text.trim();
  const negative = /^\(.*\)$/.test(trimmed) || /^[-\u2212]|[-\u2212]$/.test(trimmed);
  const bare = trimmed.replace(/[()\s\u00a0\u202f'’\u2212-]/g, "");
  const point = decimalPoint(bare, decimals);
  const grouped = bare.slice(0, point ?? bare.length);
  const part = point === null ? "" : bare.slice(point + 1);
  if (!/^(\d*|\d{1,3}([.,]\d{3})+)$/.test(grouped) || !/^\d*$/.test(part) || part.length > decimals) return null;
  const whole = grouped.replace(/[.,]/g, "");
  if (whole + part === "") return null;
  const minor = BigInt(whole || "0") * 10n ** BigInt(decimals) + BigInt(part.padEnd(decimals, "0") || "0");
  return negative ? -minor : minor;
}

// The last of . and , is the decimal point, unless it can only part thousands.
function decimalPoint(bare, decimals) {
  const at = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
  if (at < 0) return null;
  const sign = bare[at];
  const after = bare.length - at - 1;
  const repeated = bare.indexOf(sign) !== at;
  const isThousands = repeated || (after === 3 && decimals !== 3);
  return isThousands && !(decimals === 3 && !repeated) ? null : at;
}

export function format(minor, decimals = 2) {
  const digits = (minor < 0n ? -minor : minor).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  const part = decimals ? `.${digits.slice(-decimals)}` : "";
  return `${minor < 0n ? MINUS : ""}${whole}${part}`;
}

function tidy(event) {
  const field = event.target;
  if (!field.matches?.("[data-money]")) return;
  const decimals = Number(field.dataset.money || 2);
  const minor = field.value.trim() === "" ? null : parse(field.value, decimals);
  if (minor !== null) field.value = format(minor, decimals);
}

let started = false;

export function startMoney() {
  if (started) return;
  started = true;
  document.addEventListener("change", tidy);
}
