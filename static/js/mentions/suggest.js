// Suggest people while an @mention is typed: arrows choose, Enter or Tab writes the handle, Escape closes the list.
// <textarea name="body"></textarea>; load.js has the words
import { Listbox } from "../components/listbox.js";
import { suggestions } from "../components/suggestions.js";

const BEGUN = /(?<![\p{Script=Latin}\p{N}_&#＃@＠])[@＠]([\p{L}\p{M}\p{N}_]{0,30})$/u; // as core/grammar.py has it

/** The beginning of a mention before the caret, without its sign; null if there is none. */
function begun(field) {
  const { selectionStart: end, selectionEnd } = field;
  return end === selectionEnd ? (BEGUN.exec(field.value.slice(0, end))?.[1] ?? null) : null;
}

export function suggestFor(field, words) {
  if ("suggests" in field.dataset) return;
  field.dataset.suggests = "";
  const own = { ...words, id: "mentions", kind: "mentions" };
  const list = new Listbox(field, own, (option) => write(option.dataset.handle));
  const asked = suggestions(words.mentions, show);

  function write(handle) {
    const end = field.selectionStart;
    const next = /^\s/.test(field.value.slice(end)) ? "" : " ";
    field.setRangeText(`@${handle}${next}`, end - begun(field).length - 1, end, "end");
    if (!next) field.setSelectionRange(field.selectionEnd + 1, field.selectionEnd + 1);
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show(typed, html) {
    if (begun(field) === typed && document.activeElement === field) list.show(html);
  }

  function close() {
    asked.stop();
    list.close();
  }

  function look() {
    const typed = begun(field);
    close();
    if (typed !== null) asked.want(typed);
  }

  field.addEventListener("input", ({ isComposing }) => isComposing || look());
  field.addEventListener("compositionend", () => setTimeout(look));
  field.addEventListener("click", look);
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return; // an input method has the key
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) close();
    else if (list.press(event)) event.preventDefault(), event.stopPropagation();
  });
  look();
}
