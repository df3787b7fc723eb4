// Remove the introduction at once; the cookie is set by the request that follows.
// <aside><form><button data-put-away formaction="/introduction/">Hide</button></form></aside>
import { post } from "../forms/csrf.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-put-away]");
  if (!button) return;
  event.preventDefault();
  post(button.formAction, { body: new FormData(button.form), redirect: "manual" });
  button.closest("aside").remove();
  document.getElementById("main").focus({ preventScroll: true });
});
