// The crop page: a rectangle over the photo, dragged, resized by its edges, or moved by keys. Its four sliders are
// what is sent, and tell screen readers the same.
// <form data-crop="1600 1200"><input name="left" type="range">… <select name="ratio"></select>
//   <input type="hidden" name="turn"><svg data-stage><image/><path/><rect data-frame/></svg></form>
import { draw, bounds } from "./drawing.js";
import { fitted, moved, resized, turned } from "./rectangle.js";
import { enableDragging } from "./dragging.js";
import { afterKey } from "./handles.js";

const SIDES = ["left", "top", "width", "height"];
const form = document.querySelector("[data-crop]");
const stage = form.querySelector("[data-stage]");
const { turn, ratio: shape } = form.elements;
let frame = Object.fromEntries(SIDES.map((side) => [side, Number(form.elements[side].value)]));

const show = (next) => draw(form, (frame = next));

function ratio() {
  const { width, height } = bounds(form);
  const [across, down] = shape.value.split(":").map(Number);
  return shape.value === "own" ? width / height : down ? across / down : 0;
}

enableDragging(stage, () => frame, {
  move: (from, across, down) => show(moved(from, bounds(form), across, down)),
  resize: (from, edges, across, down) => show(resized(from, bounds(form), edges, across, down, ratio())),
});
stage.addEventListener("keydown", (event) => {
  const next = afterKey(event, frame, bounds(form), ratio());
  if (!next) return;
  event.preventDefault();
  show(next);
});

form.addEventListener("input", ({ target }) => {
  const next = target.type === "range" ? { ...frame, [target.name]: Number(target.value) } : frame;
  if (target.name === "height" && ratio()) next.width = Math.round(next.height * ratio());
  show(fitted(next, bounds(form), ratio()));
});

form.addEventListener("click", (event) => {
  const { name, value } = event.target.closest("button") ?? {};
  if (name === "whole") [turn.value, shape.value] = ["0", "free"];
  else if (name !== "quarter") return;
  event.preventDefault();
  if (name === "whole") return show({ left: 0, top: 0, ...bounds(form) });
  for (let quarters = value === "left" ? 3 : 1; quarters; quarters -= 1) {
    frame = turned(frame, bounds(form));
    turn.value = (Number(turn.value) + 1) % 4;
  }
  show(fitted(frame, bounds(form), ratio()));
});
show(frame);
