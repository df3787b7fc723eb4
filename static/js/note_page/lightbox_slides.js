// Copy the photos of a note's stage into the dialog that shows them large.
// <div class="large__track"><div class="large__slide"><picture>…</picture></div></div>
import { enableZoom } from "./zoom.js";

/** Fills an empty track with copies, each to be shown in its largest file, and reports the number of the one in sight. */
export function fillTrack(track, slides, onSeen) {
  if (track.children.length) return;
  const watch = new IntersectionObserver(
    (entries) => {
      const shown = entries.findLast((entry) => entry.isIntersecting);
      if (shown) onSeen([...track.children].indexOf(shown.target) + 1);
    },
    { root: track, threshold: 0.6 },
  );
  for (const slide of slides) {
    const copy = copied(slide);
    track.append(copy);
    enableZoom(copy);
    watch.observe(copy);
  }
}

function copied(slide) {
  const copy = document.createElement("div");
  copy.className = "large__slide";
  const picture = slide.querySelector("picture")?.cloneNode(true);
  picture?.querySelectorAll("[sizes]").forEach((each) => each.setAttribute("sizes", "max(100vw, 1600px)"));
  picture?.querySelector("img").setAttribute("loading", "lazy");
  if (picture) copy.append(picture);
  return copy;
}
