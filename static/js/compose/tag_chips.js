// Add tags by chips below their field. While typing, offer those that begin with the typed text, but none that the
// field or the body names already.
// <input id="id_tags" name="tags">  <li><button data-add-to="id_tags" value="canteen">#canteen</button></li>
import { setValue } from "../forms/set_value.js";
import { normalForm, signed, wordsBetween } from "../text/grammar.js";

const body = () => document.querySelector("#compose [name=body]")?.value ?? "";
const inStory = () => signed(body()).flatMap(({ tag }) => (tag ? [normalForm(tag)] : []));

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-add-to]");
  if (!chip) return;
  event.preventDefault();
  const field = document.getElementById(chip.dataset.addTo);
  const kept = wordsBetween(field.value).filter((word) => word && !chip.value.startsWith(word));
  setValue(field, `${[...kept, chip.value].join(", ")}, `);
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
