// Suggest people, tags, labels, campuses and earlier searches while one types. Arrows choose, Enter opens what is chosen or
// else searches, Escape closes the list.
// <form data-suggestions="/search/suggestions/" data-style data-label data-one data-more><input type="search"></form>
import { Listbox } from "../components/listbox.js";
import { suggestions } from "../components/suggestions.js";

export function suggestIn(form) {
  if ("suggests" in form.dataset) return;
  form.dataset.suggests = "";
  const field = form.elements.q;
  const words = { ...form.dataset, id: "suggestions", kind: "suggestions", marksNone: true };
  const list = new Listbox(field, words, open, form);
  const asked = suggestions(form.dataset.suggestions, show);

  field.role = "combobox";
  field.ariaExpanded = "false";
  list.list.addEventListener("toggle", ({ newState }) => (field.ariaExpanded = String(newState === "open")));

  /** A pointer follows the link by itself; keys press it. */
  function open(option, event) {
    if (!event) option.click();
  }

  function show(typed, html) {
    if (field.value.trim() !== typed || document.activeElement !== field) return;
    list.list.style.minWidth = `${form.offsetWidth}px`;
    list.show(html);
  }

  function close() {
    asked.stop();
    list.close();
  }

  function look() {
    const typed = field.value.trim();
    close();
    if (typed) asked.want(typed);
    else if (!form.matches(".search--here")) asked.want("", 0); // there the page itself has what was searched before
  }

  field.addEventListener("input", ({ isComposing }) => isComposing || look());
  field.addEventListener("compositionend", () => setTimeout(look));
  field.addEventListener("focus", () => field.value || look());
  field.addEventListener("blur", close);
  form.addEventListener("submit", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method has the key
    if (list.press(event)) event.preventDefault(), event.stopPropagation();
    else if (event.key === "ArrowDown" && !list.isOpen) look();
  });
  const isTyped = field.value !== field.defaultValue; // while this was loading
  if (document.activeElement === field && (isTyped || !field.value)) look();
}
