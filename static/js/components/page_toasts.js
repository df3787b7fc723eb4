// Say the toasts that a page came with, and those that the page before it left.
// <div class="toasts"><div class="toast">
import { showToast } from "./toast.js";

// Screen readers hear what is added while they listen, so what the page came with is said once more.
setTimeout(() => {
  for (const toast of document.querySelectorAll(".toasts > .toast")) {
    toast.dataset.again = "";
    showToast(toast);
  }
  sessionStorage.said?.split("\n").filter(Boolean).forEach(showToast);
  sessionStorage.removeItem("said");
}, 100);
