// Open pages as a dialog over this one: a report, a question, the list of keys. Close a dialog by its backdrop.
// <a href="/@mei/block/" data-sheet>Block</a>  <dialog open><button data-close>Cancel</button></dialog>
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="/report/"], a[data-sheet]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  link.closest("[popover]")?.hidePopover();
  import("./sheet.js").then(({ openSheet }) => openSheet(link.href), () => location.assign(link.href));
});

// A dialog closes by its backdrop and by what says data-close in it.
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog[open]");
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) {
    event.preventDefault();
    dialog.close();
  }
});
