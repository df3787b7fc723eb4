// Suggest people while an @mention is typed: arrows choose, Enter or Tab writes the handle, Escape closes the list.
// <textarea name="body"></textarea>; load.js has the words
import { Listbox } from "./listbox.js";

const WAIT = 150;
const BEGUN = /(?<![\p{Script=Latin}\p{N}_&#＃@＠])[@＠]([\p{L}\p{M}\p{N}_]{0,30})$/u; // as core/grammar.py has it

/** The beginning of a mention before the caret, without its sign; null if there is none. */
function begun(field) {
  const { selectionStart: end, selectionEnd } = field;
  return end === selectionEnd ? (BEGUN.exec(field.value.slice(0, end))?.[1] ?? null) : null;
}

export function suggestFor(field, words) {
  if ("suggests" in field.dataset) return;
  field.dataset.suggests = "";
  const list = new Listbox(field, words, write);
  const known = new Map();
  let waiting, asking;

  function write(handle) {
    const end = field.selectionStart;
    const next = /^\s/.test(field.value.slice(end)) ? "" : " ";
    field.setRangeText(`@${handle}${next}`, end - begun(field).length - 1, end, "end");
    if (!next) field.setSelectionRange(field.selectionEnd + 1, field.selectionEnd + 1);
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function close() {
    clearTimeout(waiting);
    asking?.abort();
    list.close();
  }

  async function ask(typed) {
    asking = new AbortController();
    const address = new URL(words.mentions, location);
    address.searchParams.set("typed", typed);
    const headers = { "X-Requested-With": "fetch" };
    const answer = await fetch(address, { headers, signal: asking.signal }).catch(() => null);
    const html = answer?.status === 200 ? await answer.text().catch(() => null) : "";
    if (html === null) return; // aborted half-way
    if (answer?.ok) known.set(typed, html);
    if (begun(field) === typed && document.activeElement === field) list.show(html);
  }

  function look() {
    const typed = begun(field);
    close();
    if (typed === null) return;
    if (known.has(typed)) list.show(known.get(typed));
    else waiting = setTimeout(ask, WAIT, typed);
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
