const place = document.querySelector(".toasts");

/** Says something in passing, also to screen readers. */
export function say(words) {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = words;
  toast.addEventListener("animationend", (event) => event.animationName === "leave" && toast.remove());
  place.append(toast);
}

/** Says that an act did not go through. */
export function sayFailed(status) {
  const { tooMany, stale, failed } = place.dataset;
  say({ 403: stale, 429: tooMany }[status] ?? failed);
}

/** Carries what a fetched page says over to the page that is opened next. */
export function keep(page) {
  sessionStorage.said = [...page.querySelectorAll(".toast")].map((toast) => toast.textContent).join("\n");
}

sessionStorage.said?.split("\n").filter(Boolean).forEach(say);
sessionStorage.removeItem("said");
