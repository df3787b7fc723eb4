// Keys of the queue and of a case, for who has not switched shortcuts off: j and k or the arrows, a digit for a step of
// the ladder, r for a ready-made reason, d to decide, u to undo, o for kept words, a for appeals. Everything they do is a link, a choice
// or a button of the page.
const TYPING = "textarea, select, input:not([type=radio], [type=checkbox])";
const isOff = document.body.classList.contains("keys-off");

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  ArrowRight: () => go(1),
  ArrowLeft: () => go(-1),
  a: () => press("[data-key=a]"),
  d: () => press("[data-key=d]"),
  r: () => document.dispatchEvent(new Event("moderation:ready")),
  o: () => press("[data-key=o]"),
  u: () => press("[data-key=u]"),
};

document.addEventListener("keydown", (event) => {
  if (isOff || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest(TYPING)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const isChoice = event.target.matches("input[type=radio]") && event.key.startsWith("Arrow");
  const act = /^[1-9]$/.test(event.key) ? () => choose(event.key) : Object.hasOwn(KEYS, event.key) && KEYS[event.key];
  if (!act || isChoice || (event.repeat && !/^([jk]|Arrow.*)$/.test(event.key))) return;
  event.preventDefault();
  act();
});

/** In the queue to the next or previous card; from a case to the next or previous one. */
function go(by) {
  const cards = [...document.querySelectorAll(".case-card a[data-open]")];
  if (!cards.length) return press(by > 0 ? "[data-key=j]" : "[data-key=k]");
  const here = cards.findIndex((link) => link.closest(".case-card").contains(document.activeElement));
  const next = cards[here < 0 ? 0 : here + by];
  next?.focus({ preventScroll: true });
  next?.closest(".case-card").scrollIntoView({ block: "nearest" });
}

function press(what) {
  document.querySelector(`${what}:not([aria-disabled])`)?.click();
}

/** On a case choose the step with this number; in the queue press that button of the card that has the focus. */
function choose(number) {
  const card = document.activeElement.closest(".case-card");
  if (card) return card.querySelector(`[data-number="${number}"]`)?.click();
  const step = document.querySelectorAll(".step input")[number - 1];
  step?.click();
  step?.focus();
}
