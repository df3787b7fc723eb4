// What becomes of a photo once the server has answered, or has not.
import { become } from "./become.js";
import { isThere } from "./files.js";
import { saySignedOut, signedIn } from "./signedout.js";
import { words } from "./told.js";

const LONGEST_WAIT = 30_000;
const STATES = { 401: "later", 422: "refused", 429: "later" };

/** Has the photo be what the server says, where it took it. The page is now that of the draft that holds it. */
export function arrive(shot, answer, key) {
  const fresh = answer?.status === 200 && parsed(answer).querySelector(".shot");
  if (!fresh) return false;
  const form = shot.closest("form");
  signedIn(form);
  become(shot, fresh, key);
  const { draft, address } = fresh.dataset;
  if (draft && form.elements.draft) {
    form.elements.draft.value = draft;
    history.replaceState(history.state, "", address);
  }
  return true;
}

/**
 * State and words of a photo that did not arrive. What neither the server nor the file's end refuses is tried again by
 * itself, ever later; what needs its person first, once they are back or say so.
 */
export async function reason(shot, { file, tries }, answer, again) {
  const status = answer?.status;
  if (!status && !(await isThere(file))) return ["refused", words("changed", file.name)];
  if (saySignedOut(shot.closest("form"), status, answer?.responseText)) return ["later", words("signIn")];
  if (status === 413) return ["refused", words("heavy", file.name)];
  if (status in STATES) return [STATES[status], parsed(answer).textContent.trim()];
  if (status >= 400 && status < 500) return ["refused", words("failedForGood")];
  setTimeout(again, Math.min(1000 * 2 ** tries, LONGEST_WAIT));
  return ["lost", words(navigator.onLine ? "failed" : "lost")];
}

function parsed(answer) {
  const template = document.createElement("template");
  template.innerHTML = answer.responseText;
  return template.content;
}
