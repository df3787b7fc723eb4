// The photos of the compose form. Chosen files live in the file input, in the order shown, so that the form posts
// them as a plain one would; photos that the server already has come first, as hidden ids.
import { forget, preview, showCover } from "./preview.js";

const files = new WeakMap();
export const isNew = (shot) => files.has(shot);

export function addPhotos(list, chosen) {
  const add = list.querySelector(".tray__add");
  const room = Number(list.closest("form").dataset.trayMax) - list.querySelectorAll(".shot").length;
  for (const file of [...chosen].slice(0, Math.max(room, 0))) {
    const shot = document.getElementById("shot").content.cloneNode(true).firstElementChild;
    files.set(shot, file);
    add.before(shot);
    preview(shot.querySelector("img"), file).then(() => showCover(list));
  }
  settle(list);
}

export function removePhoto(shot) {
  const list = shot.parentElement;
  if (!isNew(shot)) {
    const gone = Object.assign(document.createElement("input"), { type: "hidden", name: "remove" });
    gone.value = shot.dataset.photo;
    list.before(gone);
  }
  forget(shot.querySelector("img"));
  shot.remove();
  settle(list);
}

/** Makes numbers, cover and file input agree with the order shown. */
export function settle(list) {
  const { trayMax, trayBy } = list.closest("form").dataset;
  const shots = [...list.querySelectorAll(".shot")];
  const fresh = shots.filter(isNew);
  const carried = new DataTransfer();
  fresh.forEach((shot) => carried.items.add(files.get(shot)));
  list.querySelector("input[type=file]").files = carried.files;

  shots.forEach((shot, index) => {
    const id = isNew(shot) ? `new:${fresh.indexOf(shot)}` : shot.dataset.photo;
    shot.querySelector("[name=cover]").value = trayBy === "index" ? index : id;
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
}
