// A little comfort on top of pages that work without it.
"use strict";

// A form is sent once: a second click while it is under way does nothing.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

// A choice that says so takes effect at once.
for (const form of document.querySelectorAll("form[data-submit-on-change]")) {
  form.addEventListener("change", () => form.requestSubmit());
  for (const button of form.querySelectorAll("button")) button.hidden = true;
}

// Fields that only matter after one choice are shown with it.
for (const part of document.querySelectorAll("[data-when]")) {
  const [name, value] = part.dataset.when.split("=");
  const choices = part.closest("form").querySelectorAll(`[name="${name}"]`);
  const show = () => {
    part.hidden = choices.length > 0 && ![...choices].some((one) => one.checked && one.value === value);
  };
  choices.forEach((one) => one.addEventListener("change", show));
  show();
}

// A part of a page that is still changing is fetched again, until it says no more; what follows
// from it elsewhere on the page comes along.
function poll(part) {
  const seconds = Number(part.dataset.every || 2);
  window.setTimeout(async () => {
    let fresh = null;
    try {
      const answer = await fetch(part.dataset.poll, { headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        fresh = page.querySelector("[data-part]") || page.body.firstElementChild;
      }
    } catch (_) {
      fresh = null;
    }
    if (!fresh) {
      poll(part);
      return;
    }
    for (const other of document.querySelectorAll("[data-also]")) {
      const next = fresh.ownerDocument.getElementById(other.id);
      if (next) other.replaceWith(document.adoptNode(next));
    }
    part.replaceWith(document.adoptNode(fresh));
    if (fresh.dataset.poll) poll(fresh);
  }, seconds * 1000);
}
document.querySelectorAll("[data-poll]").forEach(poll);

// After a refused form, what is wrong is read out and shown first.
document.querySelector("[role=alert]")?.scrollIntoView({ block: "center" });
