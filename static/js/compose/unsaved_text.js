// Restore text that was not saved when the page was left, when the page is opened again in the same tab.
// Stored in sessionStorage.left; reads the fields of <form id="compose">.
import { showToast } from "../components/toast.js";
import { message } from "./upload_messages.js";
import { pendingNames } from "./uploads.js";

const TYPED = ["title", "body", "tags", "campus", "place", "partner", "visibility", "disclosure", "origin", "text_tone", "commenters", "publish_at"];

export function storeText() {
  const form = document.getElementById("compose");
  const typed = [...new FormData(form)].filter(([name]) => TYPED.includes(name) || name.startsWith("alt-"));
  const left = { path: location.pathname, seen: form.elements.seen.value, typed, missing: pendingNames() };
  sessionStorage.left = JSON.stringify(left);
}

export const clearText = () => sessionStorage.removeItem("left");

/** Says what has to be chosen again, and fills in what was typed: if the note is another by now, saving asks which. */
export function restoreText() {
  const left = JSON.parse(sessionStorage.left ?? "null");
  clearText();
  const form = document.getElementById("compose");
  if (left?.path !== location.pathname || form.querySelector("[autofocus]")) return;
  if (left.missing.length) showToast(message("missed", left.missing.join(", ")));
  for (const [name, value] of left.typed) {
    const field = form.elements[name];
    if (!field || field.value === value) continue;
    form.elements.seen.value = left.seen;
    field.value = value;
    (field[0] ?? field).dispatchEvent(new Event("input", { bubbles: true }));
  }
}
