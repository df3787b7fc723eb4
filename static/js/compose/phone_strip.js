// On phones the photos are a strip: a tap on one opens its actions, as the button below the strip does.
// <input type="checkbox" id="edit-photos"><ul data-photo-list><li class="photo-item">…</li></ul>
document.addEventListener("click", ({ target }) => {
  const item = target.closest("[data-photo-list] .photo-item");
  const button = document.getElementById("edit-photos");
  const isStrip = item && getComputedStyle(item.parentElement).display === "flex";
  if (!isStrip || target.closest("button, a, input, label")) return;
  button.checked = true;
  item.scrollIntoView({ block: "center" });
});
