// Check that chosen files are still readable before a form is sent: a browser shows an error page of its own for a
// file that was changed or deleted.
// <input type="file" data-changed="Choose the file again">
import { showToast } from "../components/toast.js";

/** Whether a file is still there as it was chosen. */
export const isReadable = (file) => file.slice(0, 1).arrayBuffer().then(() => true, () => false);

document.addEventListener("submit", async (event) => {
  const { target: form, submitter } = event;
  const inputs = [...form.querySelectorAll("input[type=file][data-changed]")].filter((input) => input.files.length);
  if (!inputs.length || "checked" in form.dataset) return;
  event.preventDefault();
  for (const input of inputs) {
    const there = await Promise.all([...input.files].map(isReadable));
    if (there.every(Boolean)) continue;
    input.value = "";
    showToast(input.dataset.changed);
    return input.focus();
  }
  form.dataset.checked = ""; // with the files as they are, the browser sends it
  form.requestSubmit(submitter);
  delete form.dataset.checked;
});
