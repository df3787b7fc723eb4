// The photos of the compose form, in the order shown. Each chosen file is uploaded by itself; the form posts the ids.
// <form data-photo-list-max="18" data-uploads="/uploads/"><ul data-photo-list><li class="photo-list__add">…</li></ul></form>
// <template id="photo-item"><li class="photo-item">…</li></template>
import { fileHash } from "./file_hash.js";
import { releasePreview, preview, showCover } from "./preview.js";
import { deleteUpload } from "./delete_uploads.js";
import { renumber } from "./renumber.js";
import { showToast } from "../components/toast.js";
import { message } from "./upload_messages.js";
import { cancel, upload } from "./uploads.js";

export async function addPhotos(list, chosen) {
  const max = Number(list.closest("form").dataset.photoListMax);
  for (const file of chosen) {
    const hash = await fileHash(file);
    if (list.querySelectorAll(".photo-item").length >= max) return showToast(message("full"));
    if (hash && list.querySelector(`[data-digest="${hash}"]`)) showToast(message("repeat", file.name));
    else addItem(list, file, hash);
  }
}

function addItem(list, file, hash) {
  const item = document.getElementById("photo-item").content.cloneNode(true).firstElementChild;
  item.dataset.digest = hash;
  list.querySelector(".photo-list__add").before(item);
  preview(item.querySelector("img"), file).then(() => showCover(list));
  renumber(list);
  upload(item, file);
}

export function removePhoto(item) {
  const list = item.parentElement;
  const key = cancel(item);
  if (key) deleteUpload(list.closest("form"), key);
  if (item.dataset.photo) {
    const gone = Object.assign(document.createElement("input"), { type: "hidden", name: "remove" });
    gone.value = item.dataset.photo;
    list.before(gone);
  }
  releasePreview(item.querySelector("img"));
  item.remove();
  renumber(list);
}
