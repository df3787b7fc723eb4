// Ready-made reasons: picking one fills the facts in the language of who reads them; r picks the next one for the rule
// that is chosen, or, without action, for those who reported. Without scripts the server puts it before the facts.
const form = document.querySelector(".decision");
const ready = form?.querySelector("[name=ready]");
const facts = form?.querySelector("[name=facts]");
const sentences = ready ? [...ready.options].filter((option) => option.dataset.said) : [];

ready?.addEventListener("change", fill);
document.addEventListener("moderation:ready", pickNext);

/** Put the sentence where the one that was picked before stands, or before what was typed. */
function fill() {
  const said = ready.selectedOptions[0]?.dataset.said ?? "";
  const typed = sentences.reduce((text, { dataset }) => text.replace(dataset.said, ""), facts.value).trim();
  facts.value = [said, typed].filter(Boolean).join("\n");
  facts.dispatchEvent(new Event("input", { bubbles: true }));
}

function pickNext() {
  const isKept = form?.querySelector("[name=step]:checked")?.value === "none";
  const rule = isKept ? "none" : form?.querySelector("[name=rule]").value;
  const fitting = sentences.filter(({ dataset }) => dataset.rule === rule);
  if (!fitting.length) return;
  const next = fitting[fitting.indexOf(ready.selectedOptions[0]) + 1];
  ready.value = next?.value ?? "";
  fill();
}
