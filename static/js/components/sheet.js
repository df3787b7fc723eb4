// Show a page in a dialog over this one; go to the page where that fails.
// openSheet("/report/?note=1") fills <dialog aria-labelledby="sheet-head">; <form data-leaves> is sent as usual.
import { showSignedOut } from "../forms/signed_out.js";
import { showToast, showFormError } from "./toast.js";
import { post } from "../forms/csrf.js";

const dialog = document.createElement("dialog");
dialog.setAttribute("aria-labelledby", "sheet-head");
document.body.append(dialog);
let address;

const ask = (options) => fetch(address, { headers: { "HX-Request": "true" }, ...options }).catch(() => null);

/** Shows the page of this address as a dialog. */
export async function openSheet(href) {
  address = href;
  const answer = await ask();
  if (answer?.status !== 200) return location.assign(answer?.headers.get("HX-Redirect") ?? address);
  show(await answer.text());
}

dialog.addEventListener("submit", async (event) => {
  const form = event.target;
  if ("leaves" in form.dataset) return; // its answer is another page
  event.preventDefault();
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const body = new FormData(form);
  const answer = await post(address, { body, headers: { "HX-Request": "true" } }).catch(() => null);
  form.ariaBusy = "false";
  const html = await answer?.text().catch(() => "");
  if (showSignedOut(form, answer?.status, html)) return;
  if (answer?.redirected && answer.ok) return thank(html);
  if ([422, 429].includes(answer?.status) && html.includes("<form")) return show(html);
  showFormError(form, answer?.status);
});

function show(html) {
  dialog.innerHTML = html;
  if (!dialog.open) dialog.showModal();
  if (dialog.querySelector("[data-count]")) import("../forms/counter.js").then(({ count }) => count());
  (dialog.querySelector('[aria-invalid="true"]') ?? dialog.querySelector("h2")).focus();
}

/** The page that the form leads back to says what was done, and shows buttons as they are now: this one says it for it. */
function thank(html) {
  dialog.close();
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll(".toast").forEach(showToast);
  page.querySelectorAll("button[form=act][aria-pressed=true]").forEach(press);
}

function press(fresh) {
  const unpressed = fresh.getAttribute("formaction").replace(/delete\/$/, "");
  for (const button of document.querySelectorAll(`button[form=act][formaction="${unpressed}"]`)) {
    for (const { name, value } of fresh.attributes) button.setAttribute(name, value);
    button.replaceChildren(...fresh.cloneNode(true).childNodes);
  }
}
