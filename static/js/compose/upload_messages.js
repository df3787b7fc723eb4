// Show the progress and the errors of uploads, in the texts that the page came with.
// <div id="uploads" hidden><p role="status" data-some="{0} of {1} photos uploaded">…</p><progress></progress></div>
import { isolated } from "../text/grammar.js";

const region = () => document.getElementById("uploads");
const line = () => region().querySelector("[role=status]");

/** The sentence of this name, with these values in the places of {0} and {1}. A file's name keeps its own direction. */
export function message(name, ...values) {
  return line().dataset[name].replace(/\{(\d)\}/g, (_, place) => isolated(String(values[place])));
}

let leaving;

/** Says how many photos are up, and that the form waits for them if it does; shows how much of them is `done`. */
export function showProgress({ up, all, done }) {
  const place = region();
  if (place.hidden && up === all) return;
  const isAwaited = "then" in place.closest("form").dataset;
  const sentence = message(up === all ? "done" : isAwaited ? "then" : "some", up, all);
  if (line().textContent !== sentence) line().textContent = sentence;
  place.querySelector("progress").value = (100 * done) / Math.max(all, 1);
  clearTimeout(leaving);
  place.hidden = false;
  if (up === all) leaving = setTimeout(() => (place.hidden = true), 5000);
}

/** Shows on a photo what it waits for or why it is not taken. */
export function setState(item, state, why = "") {
  item.dataset.state = state;
  const place = item.querySelector(".photo-item__why");
  if (place.textContent !== why) place.textContent = why;
}
