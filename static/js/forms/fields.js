// Show typed text elsewhere on the page; fill a field from a chip; show a password.
// <input id="id_name"><bdi data-echo="id_name"></bdi>  <a data-fill="id_campus" data-value="PKU">PKU</a>
// <button data-reveal="id_password" aria-pressed="false">Show</button>
import { setValue } from "./set_value.js";

document.addEventListener("input", ({ target }) => {
  document.querySelectorAll(`[data-echo="${target.id}"]`).forEach((place) => (place.textContent = target.value.trim()));
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-fill]");
  if (chip) {
    event.preventDefault(); // a link, where there are no scripts
    setValue(document.getElementById(chip.dataset.fill), chip.dataset.value);
  }

  const reveal = event.target.closest("[data-reveal]");
  if (!reveal) return;
  const field = document.getElementById(reveal.dataset.reveal);
  const hidden = field.type === "password";
  field.type = hidden ? "text" : "password";
  reveal.ariaPressed = hidden;
});
