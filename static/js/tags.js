// Chips below the tags add themselves to the list; while a word is typed, those that begin with it are offered, but none
// that is named already, here or in the story.
import { set } from "./echo.js";
import { normalForm, signed, wordsBetween } from "./grammar.js";

const body = () => document.querySelector("#compose [name=body]")?.value ?? "";
const inStory = () => signed(body()).flatMap(({ tag }) => (tag ? [normalForm(tag)] : []));

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-add-to]");
  if (!chip) return;
  event.preventDefault();
  const field = document.getElementById(chip.dataset.addTo);
  const kept = wordsBetween(field.value).filter((word) => word && !chip.value.startsWith(word));
  set(field, `${[...kept, chip.value].join(", ")}, `);
});

document.addEventListener("input", ({ target }) => {
  const chips = [...document.querySelectorAll(`[data-add-to="${target.id}"]`)];
  if (!chips.length) return;
  const typed = wordsBetween(target.value).map(normalForm);
  const last = typed.pop();
  const named = new Set([...typed, ...inStory()]);
  for (const chip of chips) {
    const name = normalForm(chip.value);
    chip.parentElement.hidden = named.has(name) || !name.startsWith(last);
  }
});
