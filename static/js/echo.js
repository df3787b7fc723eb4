// Shows what is typed where others will see it; fills a field from a chip; shows a password.
document.addEventListener("input", ({ target }) => {
  document.querySelectorAll(`[data-echo="${target.id}"]`).forEach((place) => (place.textContent = target.value.trim()));
});

document.addEventListener("click", (event) => {
  const chip = event.target.closest("[data-fill]");
  if (chip) {
    event.preventDefault(); // a link, where there are no scripts
    set(document.getElementById(chip.dataset.fill), chip.dataset.value);
  }

  const reveal = event.target.closest("[data-reveal]");
  if (!reveal) return;
  const field = document.getElementById(reveal.dataset.reveal);
  const hidden = field.type === "password";
  field.type = hidden ? "text" : "password";
  reveal.ariaPressed = hidden;
});

/** Sets a field as if it had been typed. */
export function set(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
}
