// Without a connection a form stays, with its words, and says so: the browser's own error page would take its place.
import { sayFailed, tellFailed } from "./toast.js";
import { post } from "./token.js";

const FIELDS = "input:not([type=hidden]), textarea, select";

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || (submitter?.formMethod || form.method) !== "post") return;
  if (!navigator.onLine) {
    event.preventDefault();
    return form.querySelector(FIELDS) ? tellFailed(form) : sayFailed();
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
  if (!answer) return tellFailed(form);
  const place = answer.headers.get("HX-Redirect");
  if (!place) return form.submit();
  form.reset();
  const { pathname, search } = new URL(place, location);
  location.assign(place);
  if (pathname + search === location.pathname + location.search) location.reload(); // it was another #place of this page
}

addEventListener("online", () => document.querySelectorAll("[data-unsent]").forEach((line) => line.remove()));
