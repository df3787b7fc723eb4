// Change the theme at once; the cookie is set by the request that follows.
// <div class="seg"><button name="theme" value="dark" formaction="/theme/">Dark</button></div>
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=theme]");
  if (!button) return;
  event.preventDefault();
  const root = document.documentElement;
  if (button.value) root.dataset.theme = button.value;
  else delete root.dataset.theme;
  document.querySelectorAll(".seg [name=theme]").forEach((each) => {
    each.ariaCurrent = each.value === button.value ? "true" : null;
  });
  fetch(button.formAction, { method: "POST", body: new FormData(button.form, button), redirect: "manual" });

  const [meta, other] = document.querySelectorAll("meta[name=theme-color]");
  meta.content = getComputedStyle(document.body).backgroundColor;
  meta.removeAttribute("media");
  other?.remove();
});
