// Like, save and follow: pressed at once, on every button for the same thing; then the server's fragment has its say.
import { sayFailed } from "./toast.js";
import { post } from "./token.js";

const thing = (button) => button.getAttribute("formaction").replace(/delete\/$/, "");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[form=act][aria-pressed]");
  if (!button) return;
  event.preventDefault();
  if ("pressing" in button.dataset) return;

  const all = [...document.querySelectorAll("button[form=act][aria-pressed]")].filter(
    (other) => thing(other) === thing(button),
  );
  const before = button.ariaPressed;
  const set = (pressed) => all.forEach((each) => (each.ariaPressed = pressed));
  all.forEach((each) => (each.dataset.pressing = ""));
  set(before === "true" ? "false" : "true");
  try {
    const body = new FormData(button.form, button);
    const answer = await post(button.formAction, { body, headers: { "HX-Request": "true" } });
    const elsewhere = answer.headers.get("HX-Redirect") ?? (answer.redirected && answer.url);
    if (elsewhere) return location.assign(elsewhere);
    if (!answer.ok) throw answer;
    const html = await answer.text();
    await Promise.allSettled(button.getAnimations({ subtree: true }).map((each) => each.finished));
    all.forEach((each) => become(each, html));
  } catch (failure) {
    set(before);
    sayFailed(failure.status);
  } finally {
    all.forEach((each) => delete each.dataset.pressing);
  }
});

/** Takes over what the fragment says. The element stays, and with it the focus. */
function become(button, html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const fresh = template.content.firstElementChild;
  for (const { name, value } of fresh.attributes) button.setAttribute(name, value);
  button.replaceChildren(...fresh.childNodes);
}
