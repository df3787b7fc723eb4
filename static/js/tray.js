// The photos of the compose form, in the order shown. Each that is chosen goes up by itself; the form posts their ids.
import { digest } from "./digest.js";
import { forget, preview, showCover } from "./preview.js";
import { takeBack } from "./takeback.js";
import { settle } from "./settle.js";
import { say } from "./toast.js";
import { words } from "./told.js";
import { cancel, upload } from "./uploads.js";

export async function addPhotos(list, chosen) {
  const max = Number(list.closest("form").dataset.trayMax);
  for (const file of chosen) {
    const hash = await digest(file);
    if (list.querySelectorAll(".shot").length >= max) return say(words("full"));
    if (hash && list.querySelector(`[data-digest="${hash}"]`)) say(words("repeat", file.name));
    else addShot(list, file, hash);
  }
}

function addShot(list, file, hash) {
  const shot = document.getElementById("shot").content.cloneNode(true).firstElementChild;
  shot.dataset.digest = hash;
  list.querySelector(".tray__add").before(shot);
  preview(shot.querySelector("img"), file).then(() => showCover(list));
  settle(list);
  upload(shot, file);
}

export function removePhoto(shot) {
  const list = shot.parentElement;
  const key = cancel(shot);
  if (key) takeBack(list.closest("form"), key);
  if (shot.dataset.photo) {
    const gone = Object.assign(document.createElement("input"), { type: "hidden", name: "remove" });
    gone.value = shot.dataset.photo;
    list.before(gone);
  }
  forget(shot.querySelector("img"));
  shot.remove();
  settle(list);
}
