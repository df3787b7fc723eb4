// Press the button on the page that undoes what a toast reports; without one, let the form of the toast be sent.
// <div class="toast"><button form="act" formaction="/notes/1/like/delete/" data-undo>Undo</button></div>
import { address } from "../reactions/toggle.js";

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
