// Keyboard shortcuts of one key: never while typing, never with Ctrl, Alt or Meta, and not where switched off.
// <body data-keys="off">
const STOPS = ".stage .slide__whole, .card__link";
const TYPING = "input, textarea, select, [contenteditable]";
const place = (stop) => stop.closest(".slide, .card");

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  l: like,
  "/": search,
  "?": async () => (await import("./sheet.js")).openSheet("/keys/"),
};

document.addEventListener("keydown", (event) => {
  if (document.body.dataset.keys === "off" || event.isComposing) return;
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat && event.key === "l") return;
  const isOver = document.querySelector("dialog[open]:not(.large)");
  if (event.target.closest?.(TYPING)) {
    if (event.key === "Escape" && !isOver) event.target.blur(); // a dialog closes by itself
    return;
  }
  if (!Object.hasOwn(KEYS, event.key) || isOver) return;
  event.preventDefault();
  KEYS[event.key]();
});

/** To the next or previous photo of a note, or card; first to the one that is in sight. */
function step(by) {
  const large = document.querySelector("dialog.large[open]");
  if (large) return large.querySelector(`[data-by="${by}"]:not([hidden])`)?.click();
  const stops = [...document.querySelectorAll(STOPS)];
  const here = stops.findIndex((stop) => place(stop).contains(document.activeElement));
  const next = stops[here < 0 ? stops.findIndex(isInSight) : here + by];
  next?.focus({ preventScroll: true });
  if (next) place(next).scrollIntoView({ block: "nearest", inline: "start" });
}

function isInSight(stop) {
  const { top, bottom } = place(stop).getBoundingClientRect();
  return bottom > 64 && top < innerHeight; // below the bar at the top
}

/** To the search box; to its page where the bar has no room for it. */
function search() {
  const box = document.querySelector("[type=search]");
  if (!box?.checkVisibility()) return location.assign("/search/");
  box.select(); // and focuses
}

/** Like the card or comment that has the focus, or else the note of this page. */
function like() {
  const thing = document.activeElement.closest(".card, .comment") ?? document.querySelector(".note .actions");
  thing?.querySelector(".react[aria-pressed]:not(.react--save)")?.click();
}
