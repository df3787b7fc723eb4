// Keeps the words in the draft while one writes, once its first photo has made one.
import { isKept, keepNow } from "./kept.js";
import { forgetWords, rememberWords } from "./leaving.js";
import { names } from "./uploads.js";

const PAUSE = 1000;
let timer;
let going = Promise.resolve();
let stopped = false;

/** Until nothing is being kept any more, and nothing is about to be. */
export function allKept() {
  clearTimeout(timer);
  return going;
}

export function stopKeeping() {
  stopped = true;
  forgetWords();
}

function keep(options) {
  clearTimeout(timer);
  going = going.then(() => stopped || keepNow(options)).catch(() => {}); // again with the next word, or a connection
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
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") return forgetWords();
  if (!stopped && (!isKept() || names().length)) rememberWords();
  keep({ keepalive: true });
});
