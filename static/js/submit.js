// Sends the compose form once its photos are up. Bad input comes back as the form again, with the photos kept; anything
// else is a page to go to.
import { count } from "./counter.js";
import { stopKeeping } from "./keep.js";
import { carryOver, showCover } from "./preview.js";
import { ready } from "./ready.js";
import { send } from "./send.js";
import { saySignedOut } from "./signedout.js";
import { keep, say, sayFailed } from "./toast.js";
import { show } from "./uploads.js";

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  if (form.id !== "compose") return;
  event.preventDefault();
  if ("then" in form.dataset) return;
  form.dataset.then = "";
  if (await ready()) await post(form, submitter);
  delete form.dataset.then;
  show();
});

async function post(form, submitter) {
  form.ariaBusy = true;
  const data = new FormData(form, submitter);
  const address = form.getAttribute("action"); // form.action is the button of that name
  const answer = await send(address, data, { type: "document" }).catch(() => null);
  form.ariaBusy = false;
  const fresh = answer?.response?.getElementById(form.id);
  if (answer?.status === 200) {
    stopKeeping();
    keep(answer.response);
    location.assign(answer.responseURL);
  } else if (fresh) {
    comeBack(form, fresh);
  } else if (!saySignedOut(form, answer?.status, answer?.response?.body.innerHTML)) {
    const heading = answer?.response?.querySelector("h1");
    heading ? say(heading.textContent) : sayFailed(answer?.status);
  }
}

function comeBack(form, fresh) {
  carryOver(form, fresh);
  form.replaceWith(fresh);
  showCover(fresh.querySelector("[data-tray]"));
  count();
  fresh.querySelector("[autofocus]")?.focus();
}
