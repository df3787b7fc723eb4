// A waterfall goes on by itself twice. Then the More button stays, so that the foot of the page can be reached.
let left = 2;

const watch = new IntersectionObserver(
  ([{ isIntersecting, target }]) => {
    if (!isIntersecting || !left) return;
    left -= 1;
    watch.disconnect();
    target.click();
  },
  { rootMargin: "600px" },
);

function observe() {
  const more = document.querySelector(".more a[hx-get]");
  if (more) watch.observe(more);
}

document.addEventListener("htmx:after:swap", observe);
addEventListener("load", observe);
