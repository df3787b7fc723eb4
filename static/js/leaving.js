// Words that were not kept yet when the page went away are there again when it comes back, in the same tab.
import { say } from "./toast.js";
import { words } from "./told.js";
import { names } from "./uploads.js";

const TYPED = ["title", "body", "tags", "campus", "place", "partner", "visibility", "disclosure", "text_tone"];

export function rememberWords() {
  const form = document.getElementById("compose");
  const typed = [...new FormData(form)].filter(([name]) => TYPED.includes(name) || name.startsWith("alt-"));
  const left = { path: location.pathname, seen: form.elements.seen.value, typed, missing: names() };
  sessionStorage.left = JSON.stringify(left);
}

export const forgetWords = () => sessionStorage.removeItem("left");

/** Says what has to be chosen again, and fills in what was typed, unless the note has become another since. */
export function recall() {
  const left = JSON.parse(sessionStorage.left ?? "null");
  forgetWords();
  const form = document.getElementById("compose");
  if (left?.path !== location.pathname || form.querySelector("[autofocus]")) return;
  if (left.missing.length) say(words("missed", left.missing.join(", ")));
  if (left.seen !== form.elements.seen.value) return;
  for (const [name, value] of left.typed) {
    const field = form.elements[name];
    if (!field || field.value === value) continue;
    field.value = value;
    (field[0] ?? field).dispatchEvent(new Event("input", { bubbles: true }));
  }
}
