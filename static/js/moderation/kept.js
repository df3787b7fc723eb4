// Kept pictures: a press shows one in its place, which is recorded, and the next one blurs it again. Without scripts the
// press leads to the same page with the picture shown.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-picture]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const image = link.querySelector("img");
  if (link.classList.toggle("is-shown")) {
    [link.dataset.blurred, link.dataset.said] = [image.src, image.alt];
    [image.src, image.alt] = [link.dataset.picture, link.dataset.alt];
  } else {
    [image.src, image.alt] = [link.dataset.blurred, link.dataset.said];
  }
});
