// The introduction goes at once; the cookie follows.
import { post } from "./token.js";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-put-away]");
  if (!button) return;
  event.preventDefault();
  post(button.formAction, { body: new FormData(button.form), redirect: "manual" });
  button.closest("aside").remove();
  document.getElementById("main").focus({ preventScroll: true });
});
