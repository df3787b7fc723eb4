// Wait with the compose form until its photos are uploaded and its draft is saved. Focuses a photo that failed.
import { autosaveDone } from "./autosave.js";
import { uploadsDeleted } from "./delete_uploads.js";
import { showToast } from "../components/toast.js";
import { message } from "./upload_messages.js";
import { pendingNames, failedItems, showUploads } from "./uploads.js";

/** Waits until every photo is up; false where one is refused, which then has the focus. */
export async function waitForUploads() {
  showUploads();
  while (pendingNames().length) {
    const [first] = failedItems();
    if (first) {
      showToast(message(first.dataset.state === "later" ? "waits" : "refused"));
      first.querySelector("[data-remove]").focus();
      return false;
    }
    await new Promise((again) => document.addEventListener("uploads", again, { once: true }));
  }
  await Promise.all([uploadsDeleted(), autosaveDone()]);
  return true;
}
