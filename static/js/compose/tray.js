// The photos of the compose form, in the order shown. Each chosen file is uploaded by itself; the form posts the ids.
// <form data-tray-max="18" data-uploads="/uploads/"><ul data-tray><li class="tray__add">…</li></ul></form>
// <template id="shot"><li class="shot">…</li></template>
import { fileHash } from "./file_hash.js";
import { releasePreview, preview, showCover } from "./preview.js";
import { deleteUpload } from "./delete_uploads.js";
import { renumber } from "./renumber.js";
import { showToast } from "../components/toast.js";
import { message } from "./upload_messages.js";
import { cancel, upload } from "./uploads.js";

export async function addPhotos(list, chosen) {
  const max = Number(list.closest("form").dataset.trayMax);
  for (const file of chosen) {
    const hash = await fileHash(file);
    if (list.querySelectorAll(".shot").length >= max) return showToast(message("full"));
    if (hash && list.querySelector(`[data-digest="${hash}"]`)) showToast(message("repeat", file.name));
    else addShot(list, file, hash);
  }
}

function addShot(list, file, hash) {
  const shot = document.getElementById("shot").content.cloneNode(true).firstElementChild;
  shot.dataset.digest = hash;
  list.querySelector(".tray__add").before(shot);
  preview(shot.querySelector("img"), file).then(() => showCover(list));
  renumber(list);
  upload(shot, file);
}

export function removePhoto(shot) {
  const list = shot.parentElement;
  const key = cancel(shot);
  if (key) deleteUpload(list.closest("form"), key);
  if (shot.dataset.photo) {
    const gone = Object.assign(document.createElement("input"), { type: "hidden", name: "remove" });
    gone.value = shot.dataset.photo;
    list.before(gone);
  }
  releasePreview(shot.querySelector("img"));
  shot.remove();
  renumber(list);
}
