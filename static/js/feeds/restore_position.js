// After Back, scroll a list to the card that was left. The page of the list that holds the card is asked for by its
// own address: the browser alone would look for the old scroll position on another page.
// <div class="waterfall__grid"><article id="note-1" data-page="/?after=…">…</article></div>
import { columns, restoreColumns } from "./columns.js";

const start = location.href;
const columnsBefore = history.state?.columns;
let wanted = history.state?.card && history.state;
let left = null;

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]:not(.more a)");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !document.querySelector("[data-page]")) return;
  const card = link.closest(".waterfall__grid > [id]") ?? topmost();
  if (!card) return;
  left = { state: { ...history.state, card: card.id, top: topOf(card), columns: columns() }, page: pageOf(card) };
  history.scrollRestoration = "manual";
  keep();
});
document.addEventListener("htmx:after:history:replace", keep); // more cards that came between the click and the page

function keep() {
  if (left) history.replaceState(left.state, "", left.page);
}

const topOf = (card) => card.getBoundingClientRect().top;

function topmost() {
  const cards = [...document.querySelectorAll(".waterfall__grid > [id]")].filter((card) => topOf(card) > 0);
  return cards.sort((one, other) => topOf(one) - topOf(other))[0];
}

/** The address of the page of the list that this card is on. */
export function pageOf(card) {
  while (card && !card.dataset.page) card = card.previousElementSibling;
  return card?.dataset.page ?? start;
}

function restore() {
  restoreColumns(columnsBefore);
  const card = wanted && document.getElementById(wanted.card);
  if (!card) return;
  scrollBy({ top: topOf(card) - wanted.top, behavior: "instant" });
  if (Math.abs(topOf(card) - wanted.top) < 1) wanted = null; // else the page is too short until more has come
}

for (const move of ["wheel", "pointerdown", "keydown"]) addEventListener(move, () => (wanted = null), { passive: true });
document.addEventListener("htmx:after:swap", restore);
addEventListener("resize", () => restoreColumns(columnsBefore));
restore();
