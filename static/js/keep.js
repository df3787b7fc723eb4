// Keeps the words in the draft while one writes, once its first photo has made one. Never over what another window has
// written there since.
import { forgetWords, rememberWords } from "./leaving.js";
import { saySignedOut, signedIn } from "./signedout.js";
import { post as send } from "./token.js";
import { names } from "./uploads.js";

const PAUSE = 1000;
let timer;
let going = Promise.resolve();
let stopped = false;
let last = asSent();

/** What would be sent, but for what the server itself said. */
function sayings(form = document.getElementById("compose")) {
  const data = new FormData(form);
  ["photos", "seen", "csrfmiddlewaretoken"].forEach((name) => data.delete(name));
  return new URLSearchParams(data).toString();
}

/** The words as the server sent the form: some may have been typed before this script was here. */
function asSent() {
  const form = document.getElementById("compose").cloneNode(true);
  form.reset();
  return sayings(form);
}

const place = () => document.querySelector("[data-kept]");
const mayKeep = (form) => !stopped && place() && place().role !== "alert" && form.elements.draft?.value !== "";

/** Until nothing is being kept any more, and nothing is about to be. */
export function allKept() {
  clearTimeout(timer);
  return going;
}

export function stopKeeping() {
  stopped = true;
  forgetWords();
}

function keepNow(options) {
  clearTimeout(timer);
  going = going.then(() => post(options)).catch(() => {}); // told again with the next word, or when there is a connection
  return going;
}

async function post(options) {
  const form = document.getElementById("compose");
  const said = sayings();
  if (!mayKeep(form) || said === last) return;
  const body = new FormData(form);
  body.delete("photos");
  body.set("action", "keep");
  const answer = await send(form.getAttribute("action"), { body, redirect: "manual", ...options }).catch(() => null);
  const html = await answer?.text().catch(() => "");
  const fresh = [200, 409].includes(answer?.status) && new DOMParser().parseFromString(html, "text/html").querySelector("[data-kept]");
  if (!fresh) {
    saySignedOut(form, answer?.status, html);
    place().textContent = place().dataset.unsaved;
    return;
  }
  signedIn(form);
  if (fresh.dataset.seen) form.elements.seen.value = fresh.dataset.seen;
  place().replaceWith(fresh);
  last = said;
}

function keepSoon({ target }) {
  if (!target?.closest("#compose")) return;
  clearTimeout(timer);
  timer = setTimeout(keepNow, PAUSE);
}

for (const happening of ["input", "change"]) document.addEventListener(happening, keepSoon);
keepSoon({ target: document.activeElement }); // words that are being typed already, not those that a browser filled in
addEventListener("online", () => keepNow());
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") return forgetWords();
  if (!stopped && (sayings() !== last || names().length)) rememberWords();
  keepNow({ keepalive: true });
});
