// Without a connection keep a form and its text and say so, where the browser's error page would replace it.
// <form method="post" data-sent>…</form> is sent by this script, so that it stays when the connection breaks.
import { showError, showFormError } from "../components/toast.js";
import { post } from "./csrf.js";

const FIELDS = "input:not([type=hidden]), textarea, select";

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || (submitter?.formMethod || form.method) !== "post") return;
  if (!navigator.onLine) {
    event.preventDefault();
    return form.querySelector(FIELDS) ? showFormError(form) : showError();
  }
  if (!("sent" in form.dataset)) return;
  event.preventDefault();
  if (form.ariaBusy !== "true") send(form);
});

/** Sends a form whose repetition changes nothing: what is refused is sent again without a script, to show its page. */
async function send(form) {
  form.ariaBusy = "true";
  const answer = await post(form.action, { body: new FormData(form) }).catch(() => null);
  form.ariaBusy = "false";
  if (!answer) return showFormError(form);
  const place = answer.headers.get("HX-Redirect");
  if (!place) return form.submit();
  form.reset();
  const { pathname, search } = new URL(place, location);
  location.assign(place);
  if (pathname + search === location.pathname + location.search) location.reload(); // it was another #place of this page
}

addEventListener("online", () => document.querySelectorAll("[data-unsent]").forEach((line) => line.remove()));
