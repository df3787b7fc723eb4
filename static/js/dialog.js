// A dialog closes by its backdrop and by what says data-close in it; data-confirm asks first.
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog[open]");
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) {
    event.preventDefault();
    dialog.close();
  }
  const doubtful = event.target.closest("[data-confirm]");
  if (doubtful && !confirm(doubtful.dataset.confirm)) event.preventDefault();
});
