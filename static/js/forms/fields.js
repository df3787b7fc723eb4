// Show typed text elsewhere on the page; fill a field from a chip; show a password.
// <input id="id_name"><bdi data-echo="id_name"></bdi>
// <a href="?choose=pku" data-fill="id_campus" data-value="PKU" data-usual="id_city">PKU</a>: data-usual, if it is empty,
// takes the value that the page of the link has for it
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
    fillUsual(chip);
  }

  const reveal = event.target.closest("[data-reveal]");
  if (!reveal) return;
  const field = document.getElementById(reveal.dataset.reveal);
  const hidden = field.type === "password";
  field.type = hidden ? "text" : "password";
  reveal.ariaPressed = hidden;
});

let latest;

async function fillUsual(chip) {
  const field = document.getElementById(chip.dataset.usual);
  if (!field || (field.value && !("usual" in field.dataset))) return;
  latest = chip;
  const page = await fetch(chip.href).then((answer) => answer.text(), () => "");
  const there = new DOMParser().parseFromString(page, "text/html").getElementById(field.id);
  if (!there || latest !== chip || document.activeElement === field) return;
  field.value = there.value;
  field.dataset.usual = "";
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", ({ isTrusted, target }) => isTrusted && delete target.dataset.usual);
