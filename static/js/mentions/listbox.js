// The list of people below or above a text field, in the part of the page that a phone's keyboard leaves.
// <div class="menu mentions" role="listbox" popover="manual"><div id="mention-1" role="option" data-handle="lin">…</div></div>
import { placeBy } from "../components/place_by.js";

export class Listbox {
  /** `words` hold the addresses and texts of load.js; `choose` gets the handle. */
  constructor(field, words, choose) {
    Object.assign(this, { field, words, choose });
    const style = { rel: "stylesheet", href: words.style };
    document.head.append(Object.assign(document.createElement("link"), style));
    this.list = Object.assign(document.createElement("div"), { className: "menu mentions", popover: "manual" });
    this.list.id = "mentions";
    this.list.role = "listbox";
    this.list.ariaLabel = words.label;
    this.said = Object.assign(document.createElement("p"), { className: "vh", role: "status" });
    field.after(this.list, this.said);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", ({ target }) => this.take(target.closest("[role=option]")));
    const place = () => this.isOpen && placeBy(field, this.list);
    ["resize", "scroll"].forEach((type) => visualViewport.addEventListener(type, place));
    document.addEventListener("scroll", place, { passive: true, capture: true });
  }

  get isOpen() {
    return this.list.matches(":popover-open");
  }

  show(html) {
    this.list.innerHTML = html;
    const number = this.list.children.length;
    if (!number) return this.close();
    if (!this.isOpen) this.list.showPopover();
    this.mark(this.list.firstElementChild);
    placeBy(this.field, this.list);
    this.said.textContent = number > 1 ? this.words.more.replace("#", number) : this.words.one;
  }

  close() {
    if (this.isOpen) this.list.hidePopover();
    this.said.textContent = "";
    this.field.removeAttribute("aria-activedescendant");
  }

  mark(option) {
    this.marked?.setAttribute("aria-selected", "false");
    this.marked = option;
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  take(option) {
    if (option) this.choose(option.dataset.handle);
  }

  /** Whether the list takes this key. */
  press({ key, altKey, ctrlKey, metaKey, shiftKey }) {
    if (!this.isOpen || altKey || ctrlKey || metaKey || shiftKey) return false;
    if (key === "ArrowDown") this.mark(this.marked.nextElementSibling ?? this.list.firstElementChild);
    else if (key === "ArrowUp") this.mark(this.marked.previousElementSibling ?? this.list.lastElementChild);
    else if (key === "Enter" || key === "Tab") this.take(this.marked);
    else if (key === "Escape") this.close();
    else return false;
    return true;
  }
}
