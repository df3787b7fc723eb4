// Renumber the photos of the compose form after a change of their order.
// <li class="photo-item" data-photo="7"><span class="photo-item__n">1</span><input type="radio" name="cover"></li>
import { showCover } from "./preview.js";

/** Makes numbers, cover and room agree with the order shown. */
export function renumber(list) {
  const { photoListMax, photoListBy } = list.closest("form").dataset;
  const items = [...list.querySelectorAll(".photo-item")];
  items.forEach((item, index) => {
    item.querySelector("[name=cover]").value = photoListBy === "index" ? index : item.dataset.photo;
    item.querySelector(".photo-item__n").textContent = index + 1;
    for (const named of item.querySelectorAll("[aria-label]")) {
      named.ariaLabel = named.ariaLabel.replace(/\d+/, index + 1);
    }
  });
  if (items[0] && !list.querySelector("[name=cover]:checked")) items[0].querySelector("[name=cover]").checked = true;
  document.querySelector("[data-photo-list-count]").textContent = `${items.length} / ${photoListMax}`;
  const add = list.querySelector(".photo-list__add");
  const hint = add.querySelector(".hint");
  hint.textContent = hint.textContent.replace(/\d+/, photoListMax - items.length);
  add.hidden = items.length >= photoListMax;
  showCover(list);
  list.dispatchEvent(new Event("change", { bubbles: true }));
}
