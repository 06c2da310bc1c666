// The figures behind a bar or point of a chart, at once and on focus; Escape takes them away.

let tip = null;

function show(target) {
  tip ??= document.body.appendChild(Object.assign(document.createElement("div"), { className: "tip" }));
  tip.setAttribute("aria-hidden", "true");
  tip.textContent = target.dataset.tip;
  tip.hidden = false;
  const at = target.getBoundingClientRect();
  const left = at.left + at.width / 2 - tip.offsetWidth / 2;
  tip.style.left = `${Math.min(Math.max(left, 8), window.innerWidth - tip.offsetWidth - 8)}px`;
  tip.style.top = `${Math.max(at.top - tip.offsetHeight - 6, 8)}px`;
}

function hide() {
  if (tip) tip.hidden = true;
}

// A chart that is wider than its place shows its end first: the latest figures.
function showEnds() {
  for (const box of document.querySelectorAll(".chart-box")) box.scrollLeft = box.scrollWidth;
}

let started = false;

export function startTips() {
  showEnds();
  if (started) return;
  started = true;
  for (const name of ["mouseover", "focusin"]) {
    document.addEventListener(name, (event) => {
      const target = event.target.closest?.("[data-tip]");
      if (target) show(target);
      else hide();
    });
  }
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, true);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}
