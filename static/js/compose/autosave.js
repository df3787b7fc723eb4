// Save the draft while its author types, once its first photo has created it.
// <form id="compose">…<p data-kept>Draft saved 10:21</p></form>
import { isSaved, saveDraft } from "./save_draft.js";
import { clearText, storeText } from "./unsaved_text.js";
import { pendingNames } from "./uploads.js";

const PAUSE = 1000;
let timer;
let going = Promise.resolve();
let stopped = false;

/** Until nothing is being kept any more, and nothing is about to be. */
export function autosaveDone() {
  clearTimeout(timer);
  return going;
}

export function stopAutosave() {
  stopped = true;
  clearText();
}

function keep(options) {
  clearTimeout(timer);
  going = going.then(() => stopped || saveDraft(options)).catch(() => {}); // again with the next word, or a connection
  return going;
}

function keepSoon({ target }) {
  if (!target?.closest("#compose")) return;
  clearTimeout(timer);
  timer = setTimeout(keep, PAUSE);
}

for (const happening of ["input", "change"]) document.addEventListener(happening, keepSoon);
keepSoon({ target: document.activeElement }); // words that are being typed already, not those that a browser filled in
addEventListener("online", () => keep());
addEventListener("pageshow", ({ persisted }) => persisted && (stopped = false)); // Back
document.addEventListener("click", ({ target }) => target.closest("[data-drop-text]") && stopAutosave());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") return clearText();
  if (!stopped && (!isSaved() || pendingNames().length)) storeText();
  keep({ keepalive: true });
});
