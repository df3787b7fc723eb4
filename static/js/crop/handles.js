// Which edges of a crop a pointer grabs, and what a key does to it. No markup.
import { moved, resized, zoomed } from "./rectangle.js";

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ZOOMS = { "+": 0.04, "=": 0.04, "-": -0.04 };

/** The edges near a point, as resized() has them, none for its inside; nothing where the point is elsewhere. */
export function grabbedEdges(frame, point, reach) {
  const [x, y] = [point.x - frame.left, point.y - frame.top];
  const inside = (here, size) => here > -reach && here < size + reach;
  if (!inside(x, frame.width) || !inside(y, frame.height)) return null;
  return [edge(x, frame.width, reach), edge(y, frame.height, reach)];
}

function edge(here, size, reach) {
  const [low, high] = [Math.abs(here), Math.abs(here - size)];
  if (Math.min(low, high) > Math.min(reach, size / 3)) return here < 0 ? -1 : here > size ? 1 : 0;
  return low < high ? -1 : 1;
}

/** The frame after this key; nothing where the key is for something else. */
export function afterKey({ key, shiftKey, ctrlKey, metaKey, altKey }, frame, room, ratio) {
  if (ctrlKey || metaKey || altKey) return null;
  if (key in ZOOMS) return zoomed(frame, room, ZOOMS[key], ratio);
  if (!(key in ARROWS)) return null;
  const step = Math.ceil(Math.max(room.width, room.height) / 100);
  const [x, y] = ARROWS[key];
  if (!shiftKey) return moved(frame, room, x * step, y * step);
  return resized(frame, room, [Math.abs(x), Math.abs(y)], x * step, y * step, ratio);
}
