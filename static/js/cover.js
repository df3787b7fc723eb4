// The cover of a note without a photo, as its title and colour are chosen: measured as redbook/text.py does.
import { WIDE } from "./counter.js";

const WIDEST = 48;
const OTHER_EM = 0.62;

function measure(ems, text) {
  const em = (char) => (/\p{Mn}|\p{Me}|\p{Cf}/u.test(char) ? 0 : WIDE.test(char) ? 1 : (ems[char.codePointAt(0) - 32] ?? OTHER_EM));
  let [all, here, longest] = [0, 0, 0];
  for (const char of text) {
    all += em(char);
    here = /\s/.test(char) || em(char) === 1 ? 0 : here + em(char);
    longest = Math.max(longest, here);
    if ("-–—/".includes(char)) here = 0;
  }
  return [all, longest].map((sum) => Math.min(WIDEST, Math.ceil(2 * sum)));
}

document.addEventListener("input", ({ target }) => {
  const cover = document.querySelector("[data-text-cover]");
  if (target.name === "text_tone") swap(cover, "tone", target.value);
  if (target.id !== cover.dataset.textCover) return;
  const [title, word] = measure(cover.dataset.ems.split(" ").map(Number), target.value.trim());
  swap(cover, "w", title);
  swap(cover.firstElementChild, "w", word);
});

function swap(element, kind, value) {
  element.className = element.className.replace(new RegExp(`\\b${kind}-\\w+`), `${kind}-${value}`);
}
