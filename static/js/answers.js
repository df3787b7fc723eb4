// What htmx does with answers that are no fragment.
import { sayFailed } from "./toast.js";

document.addEventListener("htmx:before:response", (event) => {
  const { raw } = event.detail.ctx.response;
  if (!raw.redirected) return;
  event.preventDefault(); // a redirect means a page, never a piece of one
  location.assign(raw.url);
});
document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status !== 422) sayFailed(status);
});
document.addEventListener("htmx:error", (event) => {
  if (event.detail.ctx) sayFailed();
});
