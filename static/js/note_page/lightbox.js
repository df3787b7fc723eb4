// Show a note's photos large in a dialog, under the note's own address with #photo-2.
// <a data-large href="#photo-2">…</a>  <dialog class="large"><span class="large__n"></span>
//   <div class="large__track" tabindex="0"></div><button data-by="1">Next</button></dialog>
import { fillTrack } from "./lightbox_slides.js";

const dialog = () => document.querySelector("dialog.large");
const slides = () => [...document.querySelectorAll(".stage .slide")];
const address = (number) => `#photo-${number}`;
const asked = () => Number(/^#photo-(\d+)$/.exec(location.hash)?.[1] ?? 0);
let here = 0;

/** Opens or closes as the address says: it was opened, followed, gone back to or left. */
function obey() {
  const photos = dialog();
  if (!photos) return;
  if (!slides()[asked() - 1]) return photos.close();
  if (!photos.open) {
    fillTrack(photos.querySelector(".large__track"), slides(), (number) => photos.open && arrived(photos, number));
    photos.showModal();
    photos.querySelector(".large__track").focus();
  }
  go(photos, asked(), "instant");
  arrived(photos, asked());
}

function go(photos, number, behavior = "auto") {
  const track = photos.querySelector(".large__track");
  here = Math.min(Math.max(number, 1), track.children.length); // so that a second key counts from there
  track.scrollTo({ left: track.children[here - 1].offsetLeft, behavior });
}

/** Has number, address and the stage behind say which photo is in sight. */
function arrived(photos, number) {
  here = number;
  photos.querySelector(".large__n").textContent = `${number}/${slides().length}`;
  photos.querySelectorAll("[data-by]").forEach((arrow) => (arrow.hidden = !slides()[number - 1 + Number(arrow.dataset.by)]));
  const report = photos.querySelector(".large__report");
  if (report) report.href = `/report/?photo=${slides()[number - 1].dataset.photo}`;
  if (asked() !== number) history.replaceState(history.state, "", address(number));
  const slide = slides()[number - 1];
  slide.parentElement.scrollTo({ left: slide.offsetLeft, behavior: "instant" });
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-large]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    history.pushState({ ...history.state, large: true }, "", address(slides().indexOf(link.closest(".slide")) + 1));
    obey();
  }
  const arrow = event.target.closest(".large [data-by]");
  if (arrow) go(dialog(), here + Number(arrow.dataset.by));
});
document.addEventListener("keydown", (event) => {
  const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 1, End: slides().length }[event.key];
  if (to === undefined || !dialog()?.open) return;
  event.preventDefault();
  go(dialog(), to);
});
// Closed by Esc or the button: back to where it was opened from, where it was opened from this page.
document.addEventListener(
  "close",
  (event) => {
    if (!event.target.matches?.("dialog.large") || !asked()) return;
    slides()[here - 1]?.querySelector("a[data-large]")?.focus({ preventScroll: true });
    if (history.state?.large) history.back();
    else history.replaceState(history.state, "", location.pathname + location.search);
  },
  true,
);
addEventListener("popstate", obey);
obey();
