// Order by buttons and by drag. Photos that the server has stay before new ones, as it will read them.
import { showCover } from "./preview.js";
import { addPhotos, isNew, removePhoto, settle } from "./tray.js";

let dragged = null;

const sameKind = (shot, other) => other?.matches(".shot") && isNew(shot) === isNew(other);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-tray] button:not([name=crop])");
  if (!button) return;
  event.preventDefault();
  const shot = button.closest(".shot");
  const next = shot.nextElementSibling;
  if ("remove" in button.dataset) {
    removePhoto(shot);
    next.querySelector("button, input").focus();
    return;
  }
  const earlier = button.dataset.move < 0;
  const other = earlier ? shot.previousElementSibling : next;
  if (!sameKind(shot, other)) return;
  other[earlier ? "before" : "after"](shot);
  settle(shot.parentElement);
  button.focus();
});

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".shot") ?? null;
  if (dragged) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  const list = event.target.closest("[data-tray]");
  if (!list) return;
  event.preventDefault();
  const over = event.target.closest(".shot");
  if (!dragged || over === dragged || !sameKind(dragged, over)) return;
  const after = dragged.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
  over[after ? "after" : "before"](dragged);
});

document.addEventListener("drop", (event) => {
  const list = event.target.closest("[data-tray]");
  if (!list) return;
  event.preventDefault();
  if (!dragged) addPhotos(list, event.dataTransfer.files);
});

document.addEventListener("dragend", () => {
  if (dragged) settle(dragged.parentElement);
  dragged = null;
});

document.addEventListener("change", ({ target }) => {
  const list = target.closest("[data-tray]");
  if (target.type === "file" && list) addPhotos(list, target.files);
  else if (target.name === "cover" && list) showCover(list);
});
