// Show above a form that its person has to sign in first, with the server's link, until a request succeeds.
// <div class="notice notice--warn" data-signed-out role="alert">…</div>
const place = (form) => form.querySelector("[data-signed-out]");

/** Shows the fragment of an answer 401; says whether it is one. */
export function showSignedOut(form, status, html) {
  if (status !== 401) return false;
  const notice = place(form) ?? document.createElement("div");
  notice.className = "notice notice--warn";
  notice.dataset.signedOut = "";
  notice.role = "alert";
  if (notice.innerHTML !== html) notice.innerHTML = html;
  if (!notice.isConnected) form.prepend(notice);
  return true;
}

export const clearSignedOut = (form) => place(form)?.remove();
