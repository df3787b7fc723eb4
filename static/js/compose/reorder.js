// Reorder, remove and retry the photos of the compose form by buttons and by drag.
// <ul data-photo-list><li class="photo-item" draggable="true"><button data-move="-1">Earlier</button>
//   <button data-remove>Remove</button><button data-retry>Try again</button></li></ul>
import { showCover } from "./preview.js";
import { renumber } from "./renumber.js";
import { addPhotos, removePhoto } from "./photo_list.js";
import { retry } from "./uploads.js";

let dragged = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-photo-list] button:not([name=crop])");
  if (!button) return;
  event.preventDefault();
  const item = button.closest(".photo-item");
  const next = item.nextElementSibling;
  if ("retry" in button.dataset) {
    item.querySelector("[data-remove]").focus();
    retry(item);
    return;
  }
  if ("remove" in button.dataset) {
    removePhoto(item);
    next.querySelector("[data-remove], input[type=file]").focus();
    return;
  }
  const earlier = button.dataset.move < 0;
  const other = earlier ? item.previousElementSibling : next;
  if (!other?.matches(".photo-item")) return;
  other[earlier ? "before" : "after"](item);
  renumber(item.parentElement);
  button.focus();
});

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".photo-item") ?? null;
  if (dragged) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  const over = dragged && event.target.closest("[data-photo-list] .photo-item");
  if (!over) return;
  event.preventDefault();
  if (over === dragged) return;
  const after = dragged.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
  over[after ? "after" : "before"](dragged);
});

document.addEventListener("drop", (event) => dragged && event.preventDefault());

document.addEventListener("dragend", () => {
  if (dragged) renumber(dragged.parentElement);
  dragged = null;
});

document.addEventListener("change", ({ target }) => {
  const list = target.closest("[data-photo-list]");
  if (target.type === "file" && list) {
    addPhotos(list, [...target.files]);
    target.value = ""; // the form sends none of them itself, and the same may be chosen again
  } else if (target.name === "cover" && list) showCover(list);
});
