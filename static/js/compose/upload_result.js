// Apply the server's answer to an upload, or the lack of one.
// 200: <li class="photo-item" data-draft="1" data-address="/notes/1/edit/">…</li>; otherwise a text that says why.
import { replaceItem } from "./replace_item.js";
import { isReadable } from "../forms/file_check.js";
import { showSignedOut, clearSignedOut } from "../forms/signed_out.js";
import { message } from "./upload_messages.js";

const LONGEST_WAIT = 30_000;
const STATES = { 401: "later", 422: "refused", 429: "later" };

/** Has the photo be what the server says, where it took it. The page is now that of the draft that holds it. */
export function applyUpload(item, answer, key) {
  const fresh = answer?.status === 200 && parsed(answer).querySelector(".photo-item");
  if (!fresh) return false;
  const form = item.closest("form");
  clearSignedOut(form);
  replaceItem(item, fresh, key);
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
export async function failureState(item, { file, tries }, answer, again) {
  const status = answer?.status;
  if (!status && !(await isReadable(file))) return ["refused", message("changed", file.name)];
  if (showSignedOut(item.closest("form"), status, answer?.responseText)) return ["later", message("signIn")];
  if (status === 413) return ["refused", message("heavy", file.name)];
  if (status in STATES) return [STATES[status], parsed(answer).textContent.trim()];
  if (status >= 400 && status < 500) return ["refused", message("failedForGood")];
  setTimeout(again, Math.min(1000 * 2 ** tries, LONGEST_WAIT));
  return ["lost", message(navigator.onLine ? "failed" : "lost")];
}

function parsed(answer) {
  const template = document.createElement("template");
  template.innerHTML = answer.responseText;
  return template.content;
}
