// Send the furthest photo that was seen, once, when the page is left.
// <article data-seen="/notes/1/seen/"><div class="slide" id="photo-2">…</div></article>
const note = document.querySelector("[data-seen]");
let furthest = 0;
let told = false;

const watch = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) furthest = Math.max(furthest, Number(target.id.replace("photo-", "")));
    }
  },
  { threshold: 0.5 },
);

function tell() {
  if (told || !furthest) return;
  told = true;
  const words = new FormData(document.getElementById("act"));
  words.set("photo", furthest);
  navigator.sendBeacon(note.dataset.seen, words);
}

note?.querySelectorAll(".slide").forEach((slide) => watch.observe(slide)); // absent where none is to be sent
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && tell());
window.addEventListener("pagehide", tell);
