// Update an uploading photo with the markup of the saved one, keeping focus and what was typed.
// <li class="photo-item" data-state="sending"><div class="photo-item__view">…</div><div class="photo-item__load">…</div></li>
import { renumber } from "./renumber.js";

// What stays of a photo's markup when the server's comes, so that focus and what was typed stay too.
const PARTS = ['[data-move="-1"]', '[data-move="1"]', "[data-remove]", "[name=cover]", "textarea"];

/** Has a photo on its way become the one that the server took under this key. */
export function replaceItem(item, fresh, key) {
  for (const part of PARTS) take(item.querySelector(part), fresh.querySelector(part));
  item.prepend(fresh.querySelector("[name=photo]"));
  item.append(...fresh.querySelectorAll(".photo-item__same"));
  item.querySelector(".photo-item__load").remove();
  delete item.dataset.state;
  Object.assign(item.querySelector(".photo-item__view").dataset, fresh.querySelector(".photo-item__view").dataset);
  Object.assign(item.dataset, fresh.dataset, { key });
  renumber(item.parentElement);
}

function take(element, fresh) {
  const { ariaLabel } = element;
  for (const { name, value } of fresh.attributes) element.setAttribute(name, value);
  if (element.matches("button")) element.replaceChildren(...fresh.childNodes);
  else element.ariaLabel = ariaLabel;
}
