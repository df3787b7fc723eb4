// Save the compose form in its draft, never over what another window has saved since.
// <form id="compose"><input name="draft"><input name="seen"><p data-kept data-unsaved="Not saved">…</p></form>
import { showSignedOut, clearSignedOut } from "../forms/signed_out.js";
import { post } from "../forms/csrf.js";

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

export const isSaved = () => sayings() === last;
const place = () => document.querySelector("[data-kept]");
const mayKeep = () => place() && place().role !== "alert" && !document.querySelector("#compose .conflict");

/** Saves what is new in the draft. The first words make one, whose page this then is. */
export async function saveDraft(options) {
  const form = document.getElementById("compose");
  const said = sayings();
  if (!mayKeep() || said === last) return;
  const body = new FormData(form);
  body.delete("photos");
  body.set("action", "keep");
  const answer = await post(form.getAttribute("action"), { body, redirect: "manual", ...options }).catch(() => null);
  if (answer?.status === 204) return; // nothing to save yet
  const html = await answer?.text().catch(() => "");
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
}
