// Counts as the server does: characters as people see them, or half-widths (a Chinese character is two).
const characters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
export const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
const NEAR = 4;

function size(text, unit) {
  const seen = [...characters.segment(text.normalize("NFC"))];
  return unit === "half" ? seen.reduce((sum, { segment }) => sum + (WIDE.test(segment) ? 2 : 1), 0) : seen.length;
}

function show(counter) {
  const field = document.getElementById(counter.dataset.count);
  const { max, unit } = counter.dataset;
  const used = size(field.value, unit);
  counter.textContent = `${used}/${max}`;
  counter.toggleAttribute("data-near", max - used <= NEAR);
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
