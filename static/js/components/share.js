// Share a page, or copy its link. Without scripts the popover shows the address.
// <div class="share" data-share-title="…"><button popovertarget="s" data-share="by-touch">Share</button>
//   <div class="menu" id="s" popover><input value="https://…" readonly><button data-copy>Copy</button></div></div>
const SHOWN = 2500; // milliseconds that a button says what it did
const touch = matchMedia("(pointer: coarse)");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-share], [data-copy]");
  if (!button) return;
  if ("copy" in button.dataset) return void copy(button);
  if (button.dataset.share === "by-touch" && !(touch.matches && navigator.share)) return offer(button);
  event.preventDefault(); // the popover stays closed
  share(button.closest(".share"));
});

/** Shows the device's own sheet among the choices, where it has one. */
function offer(button) {
  button.closest(".share").querySelector(".menu [data-share]").hidden = !navigator.share;
}

async function share(place) {
  const popover = place.querySelector(".menu");
  const { value: url } = place.querySelector("input");
  try {
    await navigator.share({ title: place.dataset.shareTitle, url });
    popover.hidePopover();
  } catch (error) {
    if (error.name !== "AbortError") popover.showPopover(); // AbortError: the person closed the share sheet
  }
}

async function copy(button) {
  const field = button.closest(".share")?.querySelector("input");
  const label = button.querySelector("span");
  const before = (label.dataset.before ??= label.textContent);
  const address = new URL(button.dataset.copy || field.value, location.origin).href;
  const done = await written(address, button.parentElement);
  if (!done) field?.select();
  label.textContent = done ? button.dataset.copied : button.dataset.failed;
  clearTimeout(label.timer);
  label.timer = setTimeout(() => (label.textContent = before), SHOWN);
}

async function written(text, place) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = Object.assign(document.createElement("textarea"), { className: "vh", value: text });
    place.append(field);
    field.select(); // a page that is not secure has no clipboard
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
