// Count how much of its limit a field uses, as the server does.
// <textarea id="id_body" data-lines></textarea><span data-count="id_body" data-max="1000" data-unit="half"></span>
import { tidyLine, tidyProse, used } from "../text/grammar.js";

const NEAR = 4;

function show(counter) {
  const field = document.getElementById(counter.dataset.count);
  const { max, unit } = counter.dataset;
  const taken = used("lines" in field.dataset ? tidyProse(field.value) : tidyLine(field.value), unit);
  counter.textContent = `${taken}/${max}`;
  counter.toggleAttribute("data-near", max - taken <= NEAR);
}

/** Fills the counters of fields that are new to the page. */
export function count() {
  document.querySelectorAll("[data-count]").forEach(show);
}

document.addEventListener("input", (event) => {
  const counter = event.target.id && document.querySelector(`[data-count="${event.target.id}"]`);
  if (counter) show(counter);
});
document.addEventListener("htmx:after:swap", count);
count();
