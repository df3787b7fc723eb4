// Fill in "Made with AI" where the file of a photo says so and nothing was said yet.
// <li class="photo-item"><p data-origin></p></li><input type="radio" name="origin" value="ai">
const form = document.getElementById("compose");

document.addEventListener("uploads", () => {
  if (!form.querySelector("[data-origin]") || form.querySelector("[name=origin]:checked")) return;
  const choice = form.querySelector("[name=origin][value=ai]");
  choice.checked = true;
  choice.dispatchEvent(new Event("input", { bubbles: true }));
});
