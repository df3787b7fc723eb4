// Upload each photo by itself, a few at once, under a key of its own: sent again, it is still the same photo.
// <li class="shot" data-state="waiting|sending|lost|later|refused"><progress></progress></li>
import { applyUpload, failureState } from "./upload_result.js";
import { newKey, uploadRequest } from "./upload_request.js";
import { send } from "../forms/send_with_progress.js";
import { setState, showProgress, message } from "./upload_messages.js";

const AT_ONCE = 3;
const jobs = new Map(); // of the photos that are not up yet

const inState = (...states) => [...jobs.keys()].filter((shot) => states.includes(shot.dataset.state));
export const pendingNames = () => [...jobs.values()].map(({ file }) => file.name);
export const failedShots = () => inState("refused", "later");

export function upload(shot, file) {
  jobs.set(shot, { file, key: newKey(), tries: 0, done: 0 });
  if (file.size > Number(message("bytesMax"))) setState(shot, "refused", message("heavy", file.name));
  else setState(shot, "waiting");
  next();
}

/** Stops a photo on its way. Gives the key under which it came, or may have come nevertheless. */
export function cancel(shot) {
  const job = jobs.get(shot);
  jobs.delete(shot);
  job?.stop?.abort();
  next();
  return job?.tries ? job.key : shot.dataset.key;
}

/** Goes on with this photo if it stands still, or with all that wait for a connection. */
export function retry(shot) {
  const still = shot ? inState("lost", "later").filter((each) => each === shot) : inState("lost");
  still.forEach((each) => setState(each, "waiting"));
  next();
}

function next() {
  inState("waiting").slice(0, Math.max(0, AT_ONCE - inState("sending").length)).forEach(start);
  showUploads();
}

/** Shows the progress of all uploads, and wakes what waits for them. */
export function showUploads() {
  const all = document.querySelectorAll(".shot").length;
  const up = all - jobs.size;
  const done = [...jobs.values()].reduce((sum, job) => sum + job.done, up);
  showProgress({ up, all, done });
  document.dispatchEvent(new Event("uploads"));
}

async function start(shot) {
  const job = jobs.get(shot);
  const onProgress = (done) => {
    job.done = done;
    shot.querySelector("progress").value = 100 * done;
    showUploads();
  };
  job.tries += 1;
  job.stop = new AbortController();
  setState(shot, "sending");
  const [address, data] = uploadRequest(shot, job);
  const answer = await send(address, data, { onProgress, signal: job.stop.signal }).catch(() => null);
  if (!jobs.has(shot)) return;
  if (applyUpload(shot, answer, job.key)) jobs.delete(shot);
  else onProgress(0);
  const why = jobs.has(shot) && (await failureState(shot, job, answer, () => retry(shot)));
  if (jobs.has(shot)) setState(shot, ...why);
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
