// Mark notifications as read once their page is seen. The button does the same without scripts; it goes with the dots of
// the navigation, while the rows stay marked as new until the page is left.
// <button form="act" formaction="/notifications/read/" name="newest" value="7" data-mark-read>Mark all as read</button>
import { post } from "../forms/csrf.js";

const button = document.querySelector("[data-mark-read]");

async function markRead() {
  if (document.visibilityState !== "visible") return;
  document.removeEventListener("visibilitychange", markRead);
  const answer = await post(button.formAction, { body: new FormData(button.form, button) }).catch(() => null);
  if (!answer?.ok) return; // the button stays
  button.dataset.done = ""; // out of sight, with its place kept
  document.querySelectorAll(".nav-dot").forEach((dot) => dot.remove());
}

if (button) {
  document.addEventListener("visibilitychange", markRead);
  markRead();
}
