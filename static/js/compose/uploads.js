// Upload each photo by itself, a few at once, under a key of its own: sent again, it is still the same photo.
// <li class="photo-item" data-state="waiting|sending|lost|later|refused"><progress></progress></li>
import { applyUpload, failureState } from "./upload_result.js";
import { newKey, uploadRequest } from "./upload_request.js";
import { send } from "../forms/send_with_progress.js";
import { setState, showProgress, message } from "./upload_messages.js";

const AT_ONCE = 3;
const jobs = new Map(); // of the photos that are not up yet

const inState = (...states) => [...jobs.keys()].filter((item) => states.includes(item.dataset.state));
export const pendingNames = () => [...jobs.values()].map(({ file }) => file.name);
export const failedItems = () => inState("refused", "later");

export function upload(item, file) {
  jobs.set(item, { file, key: newKey(), tries: 0, done: 0 });
  if (file.size > Number(message("bytesMax"))) setState(item, "refused", message("heavy", file.name));
  else setState(item, "waiting");
  next();
}

/** Stops a photo on its way. Gives the key under which it came, or may have come nevertheless. */
export function cancel(item) {
  const job = jobs.get(item);
  jobs.delete(item);
  job?.stop?.abort();
  next();
  return job?.tries ? job.key : item.dataset.key;
}

/** Goes on with this photo if it stands still, or with all that wait for a connection. */
export function retry(item) {
  const still = item ? inState("lost", "later").filter((each) => each === item) : inState("lost");
  still.forEach((each) => setState(each, "waiting"));
  next();
}

function next() {
  inState("waiting").slice(0, Math.max(0, AT_ONCE - inState("sending").length)).forEach(start);
  showUploads();
}

/** Shows the progress of all uploads, and wakes what waits for them. */
export function showUploads() {
  const all = document.querySelectorAll(".photo-item").length;
  const up = all - jobs.size;
  const done = [...jobs.values()].reduce((sum, job) => sum + job.done, up);
  showProgress({ up, all, done });
  document.dispatchEvent(new Event("uploads"));
}

async function start(item) {
  const job = jobs.get(item);
  const onProgress = (done) => {
    job.done = done;
    item.querySelector("progress").value = 100 * done;
    showUploads();
  };
  job.tries += 1;
  job.stop = new AbortController();
  setState(item, "sending");
  const [address, data] = uploadRequest(item, job);
  const answer = await send(address, data, { onProgress, signal: job.stop.signal }).catch(() => null);
  if (!jobs.has(item)) return;
  if (applyUpload(item, answer, job.key)) jobs.delete(item);
  else onProgress(0);
  const why = jobs.has(item) && (await failureState(item, job, answer, () => retry(item)));
  if (jobs.has(item)) setState(item, ...why);
  next();
}

addEventListener("online", () => retry());
document.addEventListener("visibilitychange", () => {
  const waits = document.visibilityState === "visible" && document.querySelector("[data-signed-out]");
  if (waits) inState("later").forEach(retry); // the person may have signed in in another tab
});
addEventListener("beforeunload", (event) => {
  if (jobs.size) event.preventDefault();
});
