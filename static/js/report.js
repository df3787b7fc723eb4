// A link to a report opens its form in a dialog over the page. Where that fails, it leads to the form's own page.
import { count } from "./counter.js";
import { saySignedOut } from "./signedout.js";
import { say } from "./toast.js";
import { post } from "./token.js";

const dialog = document.createElement("dialog");
dialog.setAttribute("aria-labelledby", "report-head");
document.body.append(dialog);
let address;

const ask = (options) => fetch(address, { headers: { "HX-Request": "true" }, ...options }).catch(() => null);

document.addEventListener("click", async (event) => {
  const link = event.target.closest('a[href^="/report/"]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.closest("[popover]")?.hidePopover();
  address = link.href;
  const answer = await ask();
  if (answer?.status !== 200) return location.assign(answer?.headers.get("HX-Redirect") ?? address);
  show(await answer.text());
});

dialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  if (form.ariaBusy === "true") return;
  form.ariaBusy = "true";
  const body = new FormData(form);
  const answer = await post(address, { body, headers: { "HX-Request": "true" } }).catch(() => null);
  form.ariaBusy = "false";
  const html = await answer?.text().catch(() => "");
  if (saySignedOut(form, answer?.status, html)) return;
  if (answer?.redirected && answer.ok) return thank(html);
  if ([422, 429].includes(answer?.status) && html.includes("<form")) return show(html);
  const { stale, failed } = document.querySelector(".toasts").dataset;
  tell(form, answer?.status === 403 ? stale : failed);
});

function show(html) {
  dialog.innerHTML = html;
  if (!dialog.open) dialog.showModal();
  count();
  (dialog.querySelector('[aria-invalid="true"]') ?? dialog.querySelector("h2")).focus();
}

/** The page that the report leads back to says thank you: this one says it for it. */
function thank(html) {
  dialog.close();
  const page = new DOMParser().parseFromString(html, "text/html");
  page.querySelectorAll(".toast").forEach(say);
}

function tell(form, words) {
  form.querySelector("[role=alert]")?.remove();
  const error = Object.assign(document.createElement("p"), { className: "error", role: "alert", textContent: words });
  form.prepend(error);
}
