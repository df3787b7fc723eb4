// The cover of a note without a photo, as its title and colour are chosen: measured as redbook/text.py does.
import { isWide } from "./grammar.js";

const WIDEST = 48;
const OTHER_EM = 0.62;

function measure(ems, text) {
  const em = (char) => (/\p{Mn}|\p{Me}|\p{Cf}/u.test(char) ? 0 : isWide(char) ? 1 : (ems[char.codePointAt(0) - 32] ?? OTHER_EM));
  let [all, here, longest] = [0, 0, 0];
  for (const char of text) {
    all += em(char);
    here = /\s/.test(char) || em(char) === 1 ? 0 : here + em(char);
    longest = Math.max(longest, here);
    if ("-–—/".includes(char)) here = 0;
  }
  return [all, longest].map((sum) => Math.min(WIDEST, Math.ceil(+(2 * sum).toFixed(6))));
}

function show() {
  const cover = document.querySelector("[data-text-cover]");
  const text = document.getElementById(cover.dataset.textCover).value.trim();
  const [title, word] = measure(cover.dataset.ems.split(" ").map(Number), text);
  const tone = document.querySelector("[name=text_tone]:checked");
  swap(cover, "w", title);
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
