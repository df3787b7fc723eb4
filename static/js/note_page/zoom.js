// Zoom a photo by pinch, double tap, double click, or the wheel as trackpads send a pinch. Panning is scrolling.
// enableZoom(slide) sets --zoom and data-magnified on <div class="large__slide">.
const MOST = 4;
const TAPPED = 2.5;
const BETWEEN_TAPS = 350; // ms
const NEARBY = 30; // px

const scale = (slide) => Number(slide.style.getPropertyValue("--zoom")) || 1;

/** Magnifies what is at these coordinates of the window, which stays where it is. */
function magnify(slide, wanted, clientX, clientY) {
  const to = Math.min(Math.max(wanted, 1), MOST);
  const box = slide.getBoundingClientRect();
  const [x, y] = [clientX - box.left, clientY - box.top];
  const by = to / scale(slide);
  const [left, top] = [(slide.scrollLeft + x) * by - x, (slide.scrollTop + y) * by - y];
  slide.style.setProperty("--zoom", to);
  slide.toggleAttribute("data-magnified", to > 1);
  slide.scrollTo({ left, top, behavior: "instant" });
}

/** Has this slide heed fingers, clicks and the wheel. */
export function enableZoom(slide) {
  let tap = null;
  let pinch = null;

  slide.addEventListener("click", ({ timeStamp, clientX, clientY }) => {
    const isSecond =
      tap && timeStamp - tap.timeStamp < BETWEEN_TAPS && Math.hypot(clientX - tap.clientX, clientY - tap.clientY) < NEARBY;
    if (isSecond) magnify(slide, scale(slide) > 1 ? 1 : TAPPED, clientX, clientY);
    tap = isSecond ? null : { timeStamp, clientX, clientY };
  });
  slide.addEventListener("touchstart", ({ touches }) => {
    pinch = touches.length === 2 ? { apart: apart(touches), scale: scale(slide) } : null;
  }, { passive: true });
  slide.addEventListener("touchmove", (event) => {
    if (!pinch || event.touches.length !== 2) return;
    event.preventDefault();
    const [one, other] = event.touches;
    const [x, y] = [(one.clientX + other.clientX) / 2, (one.clientY + other.clientY) / 2];
    magnify(slide, (pinch.scale * apart(event.touches)) / pinch.apart, x, y);
  }, { passive: false });
  slide.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    magnify(slide, scale(slide) * 2 ** (-event.deltaY / 100), event.clientX, event.clientY);
  }, { passive: false });
}

const apart = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
