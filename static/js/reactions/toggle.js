// Like, save and follow: change every button for the same thing at once, then show what the server answers.
// <button form="act" formaction="/notes/1/like/" aria-pressed="false">Like</button>
import { pageOf } from "../feeds/restore_position.js";
import { showToast, showError } from "../components/toast.js";
import { post } from "../forms/csrf.js";

/** Where a button posts to, without what it says beside. */
export const address = (button) => button.getAttribute("formaction").split("?")[0];
const thing = (button) => address(button).replace(/delete\/$/, "");

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[form=act][aria-pressed]");
  if (!button) return;
  event.preventDefault();
  if ("signsIn" in button.form.dataset) return signIn(button);
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
    if (answer.status === 401) {
      set(before);
      return signIn(button);
    }
    if (!answer.ok) throw answer;
    const html = await answer.text();
    await Promise.allSettled(button.getAnimations({ subtree: true }).map((each) => each.finished));
    take(html, all);
  } catch (failure) {
    set(before);
    showError(failure.status);
  } finally {
    all.forEach((each) => delete each.dataset.pressing);
  }
});

/** Sends the form as it is sent without scripts: it leads over the sign-in page back to where the button is. */
function signIn(button) {
  const card = button.closest(".waterfall__grid > [id]");
  const { next } = button.form.elements;
  if (next) next.value = card ? pageOf(card) : location.href;
  button.form.requestSubmit(button);
}

/** Has the buttons be as the server says, and says what it says. */
function take(html, buttons) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const [button, toast] = template.content.children;
  buttons.forEach((each) => become(each, button.cloneNode(true)));
  if (toast) showToast(toast);
}

/** Takes over what a fresh button says. The element stays, and with it the focus. */
function become(button, fresh) {
  for (const { name, value } of fresh.attributes) button.setAttribute(name, value);
  button.replaceChildren(...fresh.childNodes);
}
