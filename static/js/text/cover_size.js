// Measure the text of a cover as core/text.py does: in em, by the widths of the signs of ASCII.
import { isWide } from "./grammar.js";

const WIDEST = 48;
const OTHER_EM = 0.62;
const [ROOM, MARGINS, LEADING] = [79, 20, 1.35];
const isSpace = (char) => /\s/.test(char);

/** Width of a character in em, by those of each ASCII sign. */
export const measurer = (ems) => (char) => (/\p{Mn}|\p{Me}|\p{Cf}/u.test(char) ? 0 : isWide(char) ? 1 : (ems[char.codePointAt(0) - 32] ?? OTHER_EM));

/** Widths of all and of the longest word, in half-ems, and height in 24ths of the width. */
export function measure(em, text) {
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
