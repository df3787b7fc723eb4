// Geometry of a crop { left, top, width, height } within bounds { width, height }, in pixels, as
// imaging/crops.py computes it. A ratio is width to height, or 0 for any. No markup.
const LEAST = 64;
const MOST_RATIO = 20;
const clamp = (number, least, most) => Math.min(Math.max(number, least), most);

const rounded = (frame) =>
  Object.fromEntries(Object.entries(frame).map(([side, number]) => [side, Math.round(number)]));

/** Within the room, its size unchanged. */
export function moved(frame, room, across, down) {
  const left = clamp(frame.left + across, 0, room.width - frame.width);
  const top = clamp(frame.top + down, 0, room.height - frame.height);
  return rounded({ ...frame, left, top });
}

/** Its edges pulled: x and y say which, -1 left or top, 1 right or bottom, 0 none. The opposite ones stay. */
export function resized(frame, room, [x, y], across, down, ratio) {
  const right = frame.left + frame.width;
  const bottom = frame.top + frame.height;
  const widest = x < 0 ? right : room.width - frame.left;
  const highest = y < 0 ? bottom : room.height - frame.top;
  let width = clamp(frame.width + x * across, LEAST, widest);
  let height = clamp(frame.height + y * down, LEAST, highest);
  if (ratio) {
    const pulled = !y ? width : !x ? height * ratio : (width + height * ratio) / 2;
    width = clamp(pulled, LEAST * Math.max(1, ratio), Math.min(widest, highest * ratio));
    height = width / ratio;
  } else {
    width = clamp(width, height / MOST_RATIO, widest);
    height = clamp(height, width / MOST_RATIO, highest);
  }
  const size = rounded({ width, height });
  const left = x < 0 ? right - size.width : frame.left;
  const top = y < 0 ? bottom - size.height : frame.top;
  return moved({ ...size, left, top }, room, 0, 0);
}

/** Larger or smaller about its middle. */
export function zoomed(frame, room, by, ratio) {
  const from = { ...frame, left: 0, top: 0 };
  const size = resized(from, room, [1, 1], frame.width * by, frame.height * by, ratio);
  return moved({ ...size, left: frame.left, top: frame.top }, room, (frame.width - size.width) / 2, (frame.height - size.height) / 2);
}

/** Brought to the ratio: as wide, or as high as there is room. */
export function fitted(frame, room, ratio) {
  let [width, height] = [Math.min(frame.width, room.width), Math.min(frame.height, room.height)];
  if (ratio && Math.abs(height * ratio - width) >= Math.max(ratio, 1)) {
    height = Math.round(width / ratio);
    if (height > room.height) [width, height] = [Math.min(Math.round(room.height * ratio), room.width), room.height];
  }
  const half = (spare) => Math.floor(spare / 2);
  return moved({ left: frame.left, top: frame.top, width, height }, room, half(frame.width - width), half(frame.height - height));
}

/** After a quarter turn of the picture, clockwise. */
export const turned = ({ left, top, width, height }, room) => ({
  left: room.height - top - height,
  top: left,
  width: height,
  height: width,
});
