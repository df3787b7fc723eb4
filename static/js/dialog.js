// <a href="/some/form/" data-dialog="id"> opens the dialog that holds the same form; data-confirm asks first.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    opener.closest("[popover]")?.hidePopover();
    document.getElementById(opener.dataset.dialog).showModal();
  }
  const dialog = event.target.closest("dialog[open]");
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) {
    event.preventDefault();
    dialog.close();
  }
  const doubtful = event.target.closest("[data-confirm]");
  if (doubtful && !confirm(doubtful.dataset.confirm)) event.preventDefault();
});
