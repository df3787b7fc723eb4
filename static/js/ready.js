// Has the compose form wait for its photos.
import { allKept } from "./keep.js";
import { allTakenBack } from "./takeback.js";
import { say } from "./toast.js";
import { words } from "./told.js";
import { names, refused, show } from "./uploads.js";

/** Waits until every photo is up; false where one is refused, which then has the focus. */
export async function ready() {
  show();
  while (names().length) {
    const [first] = refused();
    if (first) {
      say(words(first.dataset.state === "later" ? "waits" : "refused"));
      first.querySelector("[data-remove]").focus();
      return false;
    }
    await new Promise((again) => document.addEventListener("uploads", again, { once: true }));
  }
  await Promise.all([allTakenBack(), allKept()]);
  return true;
}
