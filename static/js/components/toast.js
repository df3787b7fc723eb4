// Show short messages, which screen readers announce.
// <div class="toasts" data-offline="…" data-failed="…" data-too-many="…"><div class="toast"><p>Saved</p></div></div>
const place = document.querySelector(".toasts");

/** Says something in passing, also to screen readers: words, or a toast that the server made. */
export function showToast(said) {
  const toast = typeof said === "string" ? made(said) : said;
  toast.addEventListener("animationend", (event) => event.animationName === "leave" && toast.remove());
  place.append(toast);
}

function made(words) {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.textContent = words;
  return toast;
}

/** Shows that an action failed; without a status there was no answer. */
export function showError(status) {
  showToast(status ? reasonOf(status) : place.dataset.offline);
}

/** Says it in a form, whose words are still there. */
export function showFormError(form, status) {
  form.querySelector("[data-unsent]")?.remove();
  const error = document.createElement("p");
  error.className = "error unsent";
  error.role = "alert";
  error.dataset.unsent = "";
  error.textContent = status ? reasonOf(status) : place.dataset.wordsKept;
  form.prepend(error);
  error.scrollIntoView({ block: "nearest" });
}

function reasonOf(status) {
  const { tooMany, stale, failed } = place.dataset;
  return { 403: stale, 429: tooMany }[status] ?? failed;
}

/** Carries what a fetched page says over to the page that is opened next. */
export function carryToasts(page) {
  sessionStorage.said = [...page.querySelectorAll(".toast p")].map((words) => words.textContent).join("\n");
}
