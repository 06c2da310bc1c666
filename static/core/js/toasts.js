// Short messages after something was done. They stay until the next action, so that nobody has to hurry.
// A server says one with the event "toast" in HX-Trigger: {"toast": {"text": "...", "undo": "/address/"}}.

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

export function startToasts() {
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
