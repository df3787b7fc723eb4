// Update an uploading photo with the markup of the saved one, keeping focus and what was typed.
// <li class="shot" data-state="sending"><div class="shot__view">…</div><div class="shot__load">…</div></li>
import { renumber } from "./renumber.js";

// What stays of a photo's markup when the server's comes, so that focus and what was typed stay too.
const PARTS = ['[data-move="-1"]', '[data-move="1"]', "[data-remove]", "[name=cover]", "textarea"];

/** Has a photo on its way become the one that the server took under this key. */
export function replaceShot(shot, fresh, key) {
  for (const part of PARTS) take(shot.querySelector(part), fresh.querySelector(part));
  shot.prepend(fresh.querySelector("[name=photo]"));
  shot.append(...fresh.querySelectorAll(".shot__same"));
  shot.querySelector(".shot__load").remove();
  delete shot.dataset.state;
  Object.assign(shot.querySelector(".shot__view").dataset, fresh.querySelector(".shot__view").dataset);
  Object.assign(shot.dataset, fresh.dataset, { key });
  renumber(shot.parentElement);
}

function take(element, fresh) {
  const { ariaLabel } = element;
  for (const { name, value } of fresh.attributes) element.setAttribute(name, value);
  if (element.matches("button")) element.replaceChildren(...fresh.childNodes);
  else element.ariaLabel = ariaLabel;
}
