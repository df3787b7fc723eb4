// Undo in a toast presses the button that stands for the same thing, where there is one; else it is sent as a form.
import { address } from "./press.js";

document.addEventListener("click", (event) => {
  const undo = event.target.closest("[data-undo]");
  const buttons = [...document.querySelectorAll("button[form=act][aria-pressed]")];
  const button = undo && buttons.find((each) => address(each) === address(undo));
  if (!button) return;
  event.preventDefault();
  undo.closest(".toast").remove();
  button.focus({ preventScroll: true });
  button.click();
});
