// Arrows, keys and thumbnails move a note's photos. Without scripts the track scrolls and snaps.
// <div class="stage"><div class="stage__track"><div class="slide">…</div></div>
//   <button data-by="-1">Previous</button><button data-by="1">Next</button><a data-step href="#photo-2">…</a></div>
function walk(stage) {
  const track = stage.querySelector(".stage__track");
  const slides = track ? [...track.children] : [];
  if (slides.length < 2) return;
  const thumbs = [...stage.querySelectorAll("[data-step]")];
  const [back, on] = ["-1", "1"].map((by) => stage.querySelector(`[data-by="${by}"]`));
  let here = 0;

  const go = (to) => {
    here = Math.min(Math.max(to, 0), slides.length - 1); // so that a second key counts from there, not from half-way
    track.scrollTo({ left: slides[here].offsetLeft });
  };
  const arrived = (at) => {
    here = at;
    thumbs.forEach((thumb, index) => (thumb.ariaCurrent = index === at ? "true" : null));
    back.hidden = at === 0;
    on.hidden = at === slides.length - 1;
  };
  const keys = { ArrowLeft: () => here - 1, ArrowRight: () => here + 1, Home: () => 0, End: () => slides.length - 1 };

  stage.addEventListener("click", (event) => {
    const arrow = event.target.closest("[data-by]");
    const thumb = event.target.closest("[data-step]");
    if (arrow) go(here + Number(arrow.dataset.by));
    if (!thumb) return;
    event.preventDefault();
    go(thumbs.indexOf(thumb));
  });
  track.addEventListener("keydown", (event) => {
    if (!(event.key in keys)) return;
    event.preventDefault();
    go(keys[event.key]());
  });
  const watch = new IntersectionObserver(
    (entries) => {
      const shown = entries.findLast((entry) => entry.isIntersecting); // a busy browser tells of several moments at once
      if (shown) arrived(slides.indexOf(shown.target));
    },
    { root: track, threshold: 0.6 },
  );
  slides.forEach((slide) => watch.observe(slide));
  arrived(0);
}

const walkAll = () => document.querySelectorAll(".stage:not([data-walked])").forEach((stage) => {
  stage.dataset.walked = "";
  walk(stage);
});
document.addEventListener("htmx:after:swap", walkAll); // a note that was being prepared
walkAll();
