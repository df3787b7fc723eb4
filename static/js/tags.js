// Chips below the tags add themselves to the list; while a word is typed, those that begin with it are offered.
import { set } from "./echo.js";

const words = (field) => field.value.split(/[,，、]/).map((word) => word.trim().replace(/^[#＃]/, ""));

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-add-to]");
  if (!chip) return;
  event.preventDefault();
  const field = document.getElementById(chip.dataset.addTo);
  const kept = words(field).filter((word) => word && !chip.value.startsWith(word));
  set(field, `${[...kept, chip.value].join(", ")}, `);
});

document.addEventListener("input", ({ target }) => {
  const chips = [...document.querySelectorAll(`[data-add-to="${target.id}"]`)];
  if (!chips.length) return;
  const typed = words(target);
  const last = typed.pop().toLowerCase();
  for (const chip of chips) {
    const name = chip.value.toLowerCase();
    chip.parentElement.hidden = typed.includes(chip.value) || !name.startsWith(last);
  }
});
