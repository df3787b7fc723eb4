// Send the compose form once its photos are uploaded. Bad input brings the form back with its photos; any other
// answer is a page to go to. data-then is set while the form waits.
// <form id="compose" data-then>…</form>
import { count } from "../forms/counter.js";
import { stopAutosave } from "./autosave.js";
import { keepPreviews, showCover } from "./preview.js";
import { waitForUploads } from "./wait_for_uploads.js";
import { send } from "../forms/send_with_progress.js";
import { showSignedOut } from "../forms/signed_out.js";
import { carryToasts, showToast, showError } from "../components/toast.js";
import { showUploads } from "./uploads.js";

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (form.id !== "compose") return;
  event.preventDefault();
  if ("then" in form.dataset) return;
  form.dataset.then = "";
  if (await waitForUploads()) await post(form, submitter);
  delete form.dataset.then;
  showUploads();
});

// "Keep this version" stands outside the form.
document.addEventListener("click", ({ target }) => {
  const { name, value } = target.closest("[data-kept] button") ?? {};
  if (!name) return;
  const button = Object.assign(document.createElement("button"), { name, value, hidden: true, formNoValidate: true });
  document.getElementById("compose").append(button);
  document.getElementById("compose").requestSubmit(button);
});

async function post(form, submitter) {
  form.ariaBusy = true;
  const data = new FormData(form, submitter);
  const address = form.getAttribute("action"); // form.action is the button of that name
  const answer = await send(address, data, { type: "document" }).catch(() => null);
  form.ariaBusy = false;
  const fresh = answer?.response?.getElementById(form.id);
  if (answer?.status === 200) {
    stopAutosave();
    carryToasts(answer.response);
    location.assign(answer.responseURL);
  } else if (fresh) {
    comeBack(form, fresh);
  } else if (!showSignedOut(form, answer?.status, answer?.response?.body.innerHTML)) {
    const heading = answer?.response?.querySelector("h1");
    heading ? showToast(heading.textContent) : showError(answer?.status);
  }
}

function comeBack(form, fresh) {
  keepPreviews(form, fresh);
  form.replaceWith(fresh);
  showCover(fresh.querySelector("[data-photo-list]"));
  count();
  fresh.querySelector("[autofocus]")?.focus();
}
