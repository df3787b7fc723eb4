// A dialog closes by its backdrop and by what says data-close in it.
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog[open]");
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) {
    event.preventDefault();
    dialog.close();
  }
});
