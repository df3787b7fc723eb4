// Sends the compose form with a bar that shows how far it is. Bad input comes back as the form again, with the good
// photos kept; anything else is a page to go to.
import { count } from "./counter.js";
import { carryOver, showCover } from "./preview.js";
import { keep, say, sayFailed } from "./toast.js";

document.addEventListener("submit", (event) => {
  const form = event.target;
  const bar = form.querySelector("progress");
  if (!bar || !form.querySelector("input[type=file]")?.files.length) return;
  event.preventDefault();

  const sending = new XMLHttpRequest();
  const busy = (yes) => {
    form.ariaBusy = yes;
    bar.hidden = !yes;
  };
  sending.upload.onprogress = ({ loaded, total }) => (bar.value = (100 * loaded) / total);
  sending.onerror = () => {
    busy(false);
    sayFailed();
  };
  sending.onload = () => {
    const page = sending.response;
    const fresh = page?.getElementById(form.id);
    if (sending.status === 200) {
      keep(page);
      location.assign(sending.responseURL);
    } else if (fresh) {
      carryOver(form, fresh);
      form.replaceWith(fresh);
      showCover(fresh.querySelector("[data-tray]"));
      count();
      fresh.querySelector("[autofocus]")?.focus();
    } else {
      busy(false);
      page?.querySelector("h1") ? say(page.querySelector("h1").textContent) : sayFailed(sending.status);
    }
  };
  busy(true);
  sending.responseType = "document";
  sending.open("POST", form.getAttribute("action")); // form.action is the button of that name
  sending.send(new FormData(form, event.submitter));
});
