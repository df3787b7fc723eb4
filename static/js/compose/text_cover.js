// Preview the cover of a note without photos as its title and colour change: measured as core/text.py does.
// <div data-text-cover="id_title" data-ems="0.28 …" class="w-10 r-24 tone-1"><p class="w-6">…</p></div>
import { isWide } from "../text/grammar.js";

const WIDEST = 48;
const OTHER_EM = 0.62;
const [ROOM, MARGINS, LEADING] = [79, 20, 1.35];
const isSpace = (char) => /\s/.test(char);

/** Width of a character in em, by those of each ASCII sign. */
const measurer = (ems) => (char) => (/\p{Mn}|\p{Me}|\p{Cf}/u.test(char) ? 0 : isWide(char) ? 1 : (ems[char.codePointAt(0) - 32] ?? OTHER_EM));

/** Widths of all and of the longest word, in half-ems, and height in 24ths of the width. */
function measure(em, text) {
  let [all, here, longest] = [0, 0, 0];
  for (const char of text) {
    all += em(char);
    here = isSpace(char) || em(char) === 1 ? 0 : here + em(char);
    longest = Math.max(longest, here);
    if ("-–—/".includes(char)) here = 0;
  }
  const [title, word] = [all, longest].map((sum) => Math.min(WIDEST, Math.ceil(+(2 * sum).toFixed(6))));
  const largest = title === WIDEST ? 11.4 : Math.min(19, 87 / Math.sqrt(Math.max(title, 1)));
  const size = Math.max(7, Math.min(150 / Math.max(word, 1), largest));
  const height = MARGINS + lines(em, text, ROOM / size) * size * LEADING;
  return [title, word, Math.min(32, Math.max(18, Math.ceil((24 * height) / 100)))];
}

function lines(em, text, room) {
  let [number, taken, run] = [1, 0, 0];
  for (const char of text) {
    const breaksAround = isWide(char) && em(char) === 1;
    if (isSpace(char) || breaksAround) [taken, run] = [taken + run, 0];
    if (isSpace(char)) {
      taken += em(char);
      continue;
    }
    run += em(char);
    if (taken && taken + run > room) [number, taken] = [number + 1, 0];
    if (run > room) [number, run] = [number + 1, em(char)];
    if (breaksAround || "-–—/".includes(char)) [taken, run] = [taken + run, 0];
  }
  return number;
}

function show() {
  const cover = document.querySelector("[data-text-cover]");
  const text = document.getElementById(cover.dataset.textCover).value.trim();
  const [title, word, snap] = measure(measurer(cover.dataset.ems.split(" ").map(Number)), text);
  const tone = document.querySelector("[name=text_tone]:checked");
  swap(cover, "w", title);
  swap(cover, "r", snap);
  swap(cover.firstElementChild, "w", word);
  if (tone) swap(cover, "tone", tone.value);
}

document.addEventListener("input", ({ target }) => {
  if (target.name === "text_tone" || target.id === document.querySelector("[data-text-cover]").dataset.textCover) show();
});
show(); // what was typed before this was here, or filled in again by the browser

function swap(element, kind, value) {
  element.className = element.className.replace(new RegExp(`\\b${kind}-\\w+`), `${kind}-${value}`);
}
