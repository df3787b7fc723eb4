// Drag the rectangle of the crop page, or its edges, by mouse or finger. data-grab says what a press would take hold of.
// <div data-grab="-1 0"><svg data-stage></svg></div>
import { grabbedEdges } from "./handles.js";

const REACH = 24; // px around an edge that take hold of it

/** Calls move(frame, across, down) or resize(frame, edges, across, down), with the frame as it was when it was grabbed. */
export function enableDragging(stage, frameNow, { move, resize }) {
  const table = stage.parentElement; // a finger that aims at an edge may land beside the photo
  let held = null;

  /** Where a pointer is, in the photo's pixels. */
  const at = ({ clientX, clientY }) => new DOMPoint(clientX, clientY).matrixTransform(stage.getScreenCTM().inverse());
  const grip = (point) => grabbedEdges(frameNow(), point, REACH / stage.getScreenCTM().a);

  table.addEventListener("pointerdown", (event) => {
    const start = at(event);
    const edges = event.button ? null : grip(start);
    if (!edges) return;
    event.preventDefault();
    table.setPointerCapture(event.pointerId);
    held = { start, edges, frame: frameNow() };
  });
  table.addEventListener("pointermove", (event) => {
    const point = at(event);
    if (!held) return (table.dataset.grab = grip(point)?.join(" ") ?? "");
    const [across, down] = [point.x - held.start.x, point.y - held.start.y];
    if (held.edges.some(Boolean)) resize(held.frame, held.edges, across, down);
    else move(held.frame, across, down);
  });
  for (const end of ["pointerup", "pointercancel"]) table.addEventListener(end, () => (held = null));
}
