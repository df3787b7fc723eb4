// Place a popover above or below a field, in the part of the window that a phone's keyboard leaves.
// <textarea></textarea><div popover="manual"></div>
const GAP = 4; // px
const LEAST = 56; // px of height, one option

/** Places it on the side where it fits, else on the one with more room. */
export function placeBy(field, popover) {
  const { offsetTop, offsetLeft, height, width } = visualViewport;
  const box = field.getBoundingClientRect();
  const above = box.top - offsetTop - 2 * GAP;
  const below = offsetTop + height - box.bottom - 2 * GAP;
  const { style } = popover;
  style.maxHeight = "";
  const isBelow = below >= Math.min(popover.scrollHeight, above);
  style.maxHeight = `${Math.max(isBelow ? below : above, LEAST)}px`;
  style.top = `${isBelow ? box.bottom + GAP : box.top - GAP - popover.offsetHeight}px`;
  style.left = `${Math.min(Math.max(box.left, offsetLeft), offsetLeft + width - popover.offsetWidth - GAP)}px`;
}
