// Renumber the photos of the compose form after a change of their order.
// <li class="shot" data-photo="7"><span class="shot__n">1</span><input type="radio" name="cover"></li>
import { showCover } from "./preview.js";

/** Makes numbers, cover and room agree with the order shown. */
export function renumber(list) {
  const { trayMax, trayBy } = list.closest("form").dataset;
  const shots = [...list.querySelectorAll(".shot")];
  shots.forEach((shot, index) => {
    shot.querySelector("[name=cover]").value = trayBy === "index" ? index : shot.dataset.photo;
    shot.querySelector(".shot__n").textContent = index + 1;
    for (const named of shot.querySelectorAll("[aria-label]")) {
      named.ariaLabel = named.ariaLabel.replace(/\d+/, index + 1);
    }
  });
  if (shots[0] && !list.querySelector("[name=cover]:checked")) shots[0].querySelector("[name=cover]").checked = true;
  document.querySelector("[data-tray-count]").textContent = `${shots.length} / ${trayMax}`;
  const add = list.querySelector(".tray__add");
  const hint = add.querySelector(".hint");
  hint.textContent = hint.textContent.replace(/\d+/, trayMax - shots.length);
  add.hidden = shots.length >= trayMax;
  showCover(list);
  list.dispatchEvent(new Event("change", { bubbles: true }));
}
