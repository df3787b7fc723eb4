// The list of suggestions below or above a text field, in the part of the page that a phone's keyboard leaves.
// <div class="menu mentions" role="listbox" popover="manual"><div id="mention-1" role="option">…</div></div>
import { placeBy } from "./place_by.js";

export class Listbox {
  /** `words`: id, kind (a class), style, label, one and more; `choose` gets the option. `anchor` is what it stands by. */
  constructor(field, words, choose, anchor = field) {
    Object.assign(this, { field, words, choose, anchor, marked: null });
    document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href: words.style }));
    this.list = Object.assign(document.createElement("div"), { id: words.id, className: `menu ${words.kind}` });
    Object.assign(this.list, { popover: "manual", role: "listbox", ariaLabel: words.label });
    this.said = Object.assign(document.createElement("p"), { className: "vh", role: "status" });
    anchor.after(this.list, this.said);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) choose(option, event);
    });
    const place = () => this.isOpen && placeBy(anchor, this.list);
    for (const type of ["resize", "scroll"]) visualViewport.addEventListener(type, place);
    document.addEventListener("scroll", place, { passive: true, capture: true });
  }

  get isOpen() { return this.list.matches(":popover-open"); }

  show(html) {
    this.list.innerHTML = html;
    const number = this.list.children.length;
    if (!number) return this.close();
    if (!this.isOpen) this.list.showPopover();
    this.mark(this.words.marksNone ? null : this.list.firstElementChild);
    placeBy(this.anchor, this.list);
    this.said.textContent = number > 1 ? this.words.more.replace("#", number) : this.words.one;
  }

  close() {
    if (this.isOpen) this.list.hidePopover();
    this.said.textContent = "";
    this.mark(null);
  }

  mark(option) {
    this.marked?.setAttribute("aria-selected", "false");
    this.marked = option;
    if (!option) return this.field.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", option.id);
  }

  /** Whether the list takes this key. */
  press({ key, altKey, ctrlKey, metaKey, shiftKey }) {
    if (!this.isOpen || altKey || ctrlKey || metaKey || shiftKey) return false;
    if (key === "ArrowDown") this.mark(this.marked?.nextElementSibling ?? this.list.firstElementChild);
    else if (key === "ArrowUp") this.mark(this.marked?.previousElementSibling ?? this.list.lastElementChild);
    else if (key === "Escape") this.close();
    else if (this.marked && (key === "Enter" || (key === "Tab" && !this.words.marksNone))) this.choose(this.marked);
    else return false;
    return true;
  }
}
