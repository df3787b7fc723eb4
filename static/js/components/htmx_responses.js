// Handle the responses of htmx requests that are not fragments: follow redirects, show errors as toasts.
// <a data-hx-get="/?after=…">More</a>
import { showError } from "./toast.js";

document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  if (!raw.redirected) return;
  event.preventDefault(); // a redirect means a page, never a piece of one
  location.assign(raw.url);
});
document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status !== 422) showError(status);
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx) showError();
});
