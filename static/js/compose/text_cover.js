// Preview the cover of a note without photos as its title and colour change.
// <div data-text-cover="id_title" data-ems="0.28 …" class="w-10 r-24 tone-1"><p class="w-6">…</p></div>
import { measure, measurer } from "../text/cover_size.js";

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
