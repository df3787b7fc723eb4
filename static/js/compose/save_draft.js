// Save the compose form in its draft, never over what another window has saved since.
// <form id="compose"><input name="draft"><input name="seen"><p data-kept data-unsaved="Not saved">…</p></form>
import { showSignedOut, clearSignedOut } from "../forms/signed_out.js";
import { post } from "../forms/csrf.js";

let last = asSent();
let unanswered; // what was sent and may be stored already, though no answer came: it is sent again before newer text

/** What would be sent, but for what the server itself said. */
function sayings(form = document.getElementById("compose")) {
  const data = new FormData(form);
  ["photos", "seen", "csrfmiddlewaretoken"].forEach((name) => data.delete(name));
  return new URLSearchParams(data).toString();
}

/** As the server sent the form: some may have been typed before this script was here. */
function asSent() {
  const form = document.getElementById("compose").cloneNode(true);
  form.reset();
  return sayings(form);
}

export const isSaved = () => sayings() === last;
const place = () => document.querySelector("[data-kept]");
const mayKeep = () => place() && place().role !== "alert" && !document.querySelector("#compose .conflict");

/** Saves what is new in the draft. The first words make one, whose page this then is. */
export async function saveDraft(options) {
  const form = document.getElementById("compose");
  const isOld = unanswered?.form === form;
  if (!mayKeep() || (!isOld && isSaved())) return;
  const { said, body } = (unanswered = isOld ? unanswered : { form, said: sayings(), body: textOf(form) });
  const answer = await post(form.getAttribute("action"), { body, redirect: "manual", ...options }).catch(() => null);
  const html = await answer?.text().catch(() => null);
  if (html != null && ![502, 504].includes(answer.status)) unanswered = null;
  if (answer?.status === 204) return; // nothing to save yet
  const fresh = [200, 409, 429].includes(answer?.status) && new DOMParser().parseFromString(html, "text/html").querySelector("[data-kept]");
  if (!fresh) {
    showSignedOut(form, answer?.status, html);
    place().textContent = place().dataset.unsaved;
    return;
  }
  clearSignedOut(form);
  const { seen, draft, address } = fresh.dataset;
  if (seen) form.elements.seen.value = seen;
  if (draft && form.elements.draft?.value === "") {
    form.elements.draft.value = draft;
    history.replaceState(history.state, "", address);
  }
  place().replaceWith(fresh);
  last = said;
  if (isOld && !isSaved()) await saveDraft(options);
}

function textOf(form) {
  const body = new FormData(form);
  body.delete("photos");
  body.set("action", "keep");
  return body;
}
