// Poll for the renditions of new photos, ever less often, and show each with its Crop button once it is ready.
// <div class="photo-item__view" data-develops="/photos/1/…">…</div>
import { renumber } from "./renumber.js";
import { SCRIPTED } from "../forms/csrf.js";

const SOON = 1500;
const SELDOM = 6_000;
let timer = 0;

const waiting = () => [...document.querySelectorAll("#compose [data-develops]")];

/** Begins to ask, unless it is about to. */
function begin() {
  if (!timer && waiting().length) timer = setTimeout(look, SOON, SOON);
}

async function look(pause) {
  if (document.visibilityState === "visible") for (const view of waiting()) await ask(view);
  const next = Math.min(pause * 1.25, SELDOM);
  timer = waiting().length ? setTimeout(look, next, next) : 0;
}

async function ask(view) {
  const answer = await fetch(view.dataset.develops, { headers: SCRIPTED }).catch(() => null);
  if (answer?.status === 404) view.removeAttribute("data-develops"); // it is gone
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = document.importNode(page.querySelector(".photo-item__view"), true);
  if ("develops" in fresh.dataset) return;
  await fresh.querySelector("img")?.decode().catch(() => {}); // so that what was seen before never blinks
  const list = view.closest("[data-photo-list]");
  if (!list) return; // removed meanwhile
  view.replaceWith(fresh);
  renumber(list);
}

for (const happening of ["uploads", "visibilitychange"]) document.addEventListener(happening, begin);
begin();
