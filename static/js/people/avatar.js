// Preview a new avatar as soon as its file is chosen, and the part of it that is used: dragged, or set by sliders.
// <div data-avatar="id_avatar"><canvas hidden></canvas><span data-file data-unseen="…"></span>
//   <input type="range" name="avatar_zoom">…</div>
const LARGEST = 1024;
const field = document.querySelector("[data-avatar]");
const input = document.getElementById(field.dataset.avatar);
const canvas = field.querySelector("canvas");
const said = field.querySelector("[data-file]");
const [zoom, across, down] = ["zoom", "across", "down"].map((name) => input.form.elements[`avatar_${name}`]);
let photo = null;
let held = null;

const side = () => (Math.min(photo.width, photo.height) * 100) / zoom.value;
/** How far the part can move in the photo, in its pixels. */
const spare = () => [photo.width - side(), photo.height - side()];

function draw() {
  if (!photo) return;
  const [left, top] = spare();
  const size = [canvas.width, canvas.height];
  canvas.getContext("2d").drawImage(photo, (left * across.value) / 100, (top * down.value) / 100, side(), side(), 0, 0, ...size);
}

/** Shows the chosen photo; all of it, unless it was chosen, and its part, before this page was left. */
async function choose({ isBack } = {}) {
  const [file] = input.files;
  const { width, height } = (file && (await createImageBitmap(file).catch(() => null))) ?? {};
  const by = Math.min(1, LARGEST / Math.max(width, height));
  photo = width ? await createImageBitmap(file, { resizeWidth: Math.round(width * by), resizeQuality: "medium" }) : null;
  if (input.files[0] !== file) return; // another was chosen meanwhile
  if (!isBack) [zoom.value, across.value, down.value] = [100, 50, 50];
  canvas.hidden = !photo;
  field.querySelector(".own-picture").hidden = Boolean(photo);
  field.toggleAttribute("data-chosen", Boolean(photo));
  field.querySelector("details").open = Boolean(photo);
  said.textContent = !file || photo ? (file?.name ?? "") : said.dataset.unseen.replace("{0}", file.name);
  draw();
}

input.addEventListener("change", choose);
field.addEventListener("input", draw);
canvas.addEventListener("pointerdown", (event) => {
  event.preventDefault();
  canvas.setPointerCapture(event.pointerId);
  held = { x: event.clientX, y: event.clientY, across: Number(across.value), down: Number(down.value) };
});
canvas.addEventListener("pointermove", (event) => {
  if (!held) return;
  const pixel = side() / canvas.clientWidth;
  const [left, top] = spare();
  if (left) across.value = held.across - ((event.clientX - held.x) * pixel * 100) / left;
  if (top) down.value = held.down - ((event.clientY - held.y) * pixel * 100) / top;
  draw();
});
for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (held = null));
if (input.files.length) choose({ isBack: true });
