// Add photos by paste and drop, anywhere on the page of the compose form.
// <form id="compose" data-dropping><ul data-photo-list>…</ul></form>
import { addPhotos } from "./photo_list.js";

const form = () => document.getElementById("compose");
let isOwn = false; // a picture of this page that is dragged comes as a file, too
const hasFiles = ({ dataTransfer }) => !isOwn && dataTransfer?.types.includes("Files");

function bring(files) {
  addPhotos(form().querySelector("[data-photo-list]"), [...files]);
}

document.addEventListener("paste", (event) => {
  const { files } = event.clipboardData;
  const isForField = event.target.closest("input, textarea") && event.clipboardData.getData("text/plain");
  if (!files.length || isForField) return; // words that a document copied along with a picture of itself
  event.preventDefault();
  bring(files);
});

document.addEventListener("dragstart", () => (isOwn = true));
document.addEventListener("dragend", () => (isOwn = false));

document.addEventListener("dragover", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "copy";
  form().dataset.dropping = "";
});

document.addEventListener("dragleave", ({ relatedTarget }) => {
  if (!relatedTarget) delete form().dataset.dropping; // out of the window
});

document.addEventListener("drop", (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  delete form().dataset.dropping;
  bring(event.dataTransfer.files);
});
