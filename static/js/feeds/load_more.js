// Load the next page of a list by itself, twice. Then the More button stays, so that the foot can be reached.
// <div class="more"><a href="/?after=…" data-hx-get="/?after=…">More</a></div>
import { loadHtmx } from "../components/htmx.js";

let left = 2;
let asked = null;

const watch = new IntersectionObserver(
  (entries) => {
    const near = entries.find((entry) => entry.isIntersecting); // a busy browser tells of several moments at once
    if (!near || !left) return;
    left -= 1;
    watch.disconnect();
    loadHtmx().then(
      () => near.target.click(),
      () => {}, // the link stays, and leads to the next page
    );
  },
  { rootMargin: "600px" },
);

function observe() {
  const more = document.querySelector(".more a[data-hx-get]");
  if (more) watch.observe(more);
}

document.addEventListener("click", ({ target }) => {
  const more = target.closest(".more");
  if (more) asked = { last: more.previousElementSibling, address: more.querySelector("a").href };
});
document.addEventListener("htmx:after:swap", () => {
  const first = asked?.last.nextElementSibling;
  if (first) first.dataset.page = asked.address; // where its page begins, for restore_position.js
  asked = null;
  observe();
});
addEventListener("load", observe);
