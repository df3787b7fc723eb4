// On phones photos are a strip; a tap on one opens what can be done with them, as the button below does.
document.addEventListener("click", ({ target }) => {
  const shot = target.closest("[data-tray] .shot");
  const button = document.getElementById("edit-photos");
  const isStrip = shot && getComputedStyle(shot.parentElement).display === "flex";
  if (!isStrip || target.closest("button, a, input, label")) return;
  button.checked = true;
  shot.scrollIntoView({ block: "center" });
});
