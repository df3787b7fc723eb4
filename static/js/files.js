// A file that changed or went after it was chosen is sent by no browser, which shows a page of its own instead.
import { say } from "./toast.js";

/** Whether a file is still there as it was chosen. */
export const isThere = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const inputs = [...form.querySelectorAll("input[type=file][data-changed]")].filter((input) => input.files.length);
  if (!inputs.length || "checked" in form.dataset) return;
  event.preventDefault();
  for (const input of inputs) {
    const there = await Promise.all([...input.files].map(isThere));
    if (there.every(Boolean)) continue;
    input.value = "";
    say(input.dataset.changed);
    return input.focus();
  }
  form.dataset.checked = ""; // with the files as they are, the browser sends it
  form.requestSubmit(submitter);
  delete form.dataset.checked;
});
