// The crop page: a rectangle over the photo, dragged, resized by its edges, or moved by keys. Its four sliders are
// what is sent, and tell screen readers the same.
// <form data-crop="1600 1200"><input name="left" type="range">… <select name="ratio"></select>
//   <input type="hidden" name="turn"><svg data-stage><image/><path/><rect data-frame/></svg></form>
import { draw, bounds } from "./drawing.js";
import { fitted, moved, resized, turned } from "./rectangle.js";
import { grabbedEdges, afterKey } from "./handles.js";

const REACH = 24; // px around an edge that take hold of it
const SIDES = ["left", "top", "width", "height"];
const form = document.querySelector("[data-crop]");
const stage = form.querySelector("[data-stage]");
const table = stage.parentElement; // a finger that aims at an edge may land beside the photo
const { turn, ratio: shape } = form.elements;
let frame = Object.fromEntries(SIDES.map((side) => [side, Number(form.elements[side].value)]));
let held = null;

const show = (next) => draw(form, (frame = next));

function ratio() {
  const { width, height } = bounds(form);
  const [across, down] = shape.value.split(":").map(Number);
  return shape.value === "own" ? width / height : down ? across / down : 0;
}

/** Where a pointer is, in the photo's pixels. */
const at = ({ clientX, clientY }) => new DOMPoint(clientX, clientY).matrixTransform(stage.getScreenCTM().inverse());
const grip = (point) => grabbedEdges(frame, point, REACH / stage.getScreenCTM().a);

table.addEventListener("pointerdown", (event) => {
  const start = at(event);
  const edges = event.button ? null : grip(start);
  if (!edges) return;
  event.preventDefault();
  table.setPointerCapture(event.pointerId);
  held = { start, edges, frame };
});
table.addEventListener("pointermove", (event) => {
  const point = at(event);
  if (!held) return (table.dataset.grab = grip(point)?.join(" ") ?? "");
  const [across, down] = [point.x - held.start.x, point.y - held.start.y];
  const pull = held.edges.some(Boolean) ? [held.edges, across, down, ratio()] : null;
  show(pull ? resized(held.frame, bounds(form), ...pull) : moved(held.frame, bounds(form), across, down));
});
for (const end of ["pointerup", "pointercancel"]) table.addEventListener(end, () => (held = null));

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
