// Preview chosen files, and the card as Explore will crop it.
// <li class="photo-item"><img></li>  <div class="compose__preview r-30"><div data-preview></div></div>
import { message } from "./upload_messages.js";

const WIDTH = 480;
let last = Promise.resolve();

/** Shows a chosen file in an <img>, drawn small; one after another, so that eighteen large photos never meet in memory. */
export function preview(img, file) {
  last = last.then(async () => {
    const small = await shrink(file).catch(() => null);
    if (!small) return img.replaceWith(named(file));
    img.src = URL.createObjectURL(small);
    await img.decode();
  });
  return last;
}

/** Shows in a form that came back what was seen in the one sent, where every photo was kept. */
export function keepPreviews(sent, back) {
  const [before, after] = [sent, back].map((form) => [...form.querySelectorAll(".photo-item")]);
  if (before.length !== after.length) return;
  after.forEach((item, index) => {
    const img = before[index].querySelector("img");
    if (img) (item.querySelector(".photo-item__state, img") ?? img).replaceWith(img);
  });
}

export const releasePreview = (img) => img?.src.startsWith("blob:") && URL.revokeObjectURL(img.src);

async function shrink(file) {
  const bitmap = await createImageBitmap(file, { resizeWidth: WIDTH, resizeQuality: "medium" });
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext("2d").drawImage(bitmap, 0, 0);
  bitmap.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.8 });
}

/** What stands for a file that this browser cannot draw. */
function named(file) {
  const [state, name, waits] = ["div", "p", "p"].map((tag) => document.createElement(tag));
  state.className = "photo-item__state";
  name.className = "photo-item__name";
  name.textContent = file.name;
  waits.textContent = message("prepared");
  state.append(name, waits);
  return state;
}

/** The card as Explore will crop it, from the cover of the photo list. */
export function showCover(list) {
  const place = document.querySelector("[data-preview]");
  const img = list.querySelector(".photo-item:has([name=cover]:checked) :is(img[src], svg.cropped, .photo-item__state)");
  place.replaceChildren(...(img ? [img.cloneNode(true)] : []));
  const [width, height] = ["Width", "Height"].map((side) => img?.[`natural${side}`] || img?.getAttribute(side));
  const snap = img ? Math.round((24 * height) / width) : 30;
  place.closest(".compose__preview").className = `compose__preview r-${Math.min(Math.max(snap || 30, 18), 32)}`;
}
