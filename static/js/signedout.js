// Says above the form that one has to sign in first, with the link that the server gives, until something goes through.
const place = (form) => form.querySelector("[data-signed-out]");

/** Shows the fragment of an answer 401; says whether it is one. */
export function saySignedOut(form, status, html) {
  if (status !== 401) return false;
  const notice = place(form) ?? document.createElement("div");
  notice.className = "notice notice--warn";
  notice.dataset.signedOut = "";
  notice.role = "alert";
  if (notice.innerHTML !== html) notice.innerHTML = html;
  if (!notice.isConnected) form.prepend(notice);
  return true;
}

export const signedIn = (form) => place(form)?.remove();
