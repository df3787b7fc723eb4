// On phones the photos are a strip: a tap on one opens its actions, as the button below the strip does.
// <input type="checkbox" id="edit-photos"><ul data-tray><li class="shot">…</li></ul>
document.addEventListener("click", ({ target }) => {
  const shot = target.closest("[data-tray] .shot");
  const button = document.getElementById("edit-photos");
  const isStrip = shot && getComputedStyle(shot.parentElement).display === "flex";
  if (!isStrip || target.closest("button, a, input, label")) return;
  button.checked = true;
  shot.scrollIntoView({ block: "center" });
});
