// Name the tags, in their field and in the body, that are not topics of the author's label. Only a hint.
// <p id="unknown-tags" data-topics="canteen,budget" hidden><span></span></p>
import { normalForm, signed, wordsBetween } from "../text/grammar.js";

const MOST = 10;
const place = document.querySelector("#unknown-tags");
const topics = new Set(place?.dataset.topics.split(","));

/** The words that are whole: not the last one while it is typed. */
function named(isWhole) {
  const typed = document.querySelector("#compose [name=tags]").value;
  const words = wordsBetween(typed);
  if (!isWhole) words.pop();
  const story = signed(document.querySelector("#compose [name=body]").value).flatMap(({ tag }) => (tag ? [tag] : []));
  return new Map([...words.filter(Boolean), ...story].map((tag) => [normalForm(tag), tag]));
}

function say({ type, target }) {
  if (!["tags", "body"].includes(target.name)) return;
  const unknown = [...named(type === "change")].filter(([name]) => !topics.has(name)).slice(0, MOST);
  place.hidden = !unknown.length;
  place.querySelector("span").replaceChildren(
    ...unknown.map(([, tag]) => Object.assign(document.createElement("bdi"), { textContent: `#${tag}` })),
  );
}

if (place) ["input", "change"].forEach((type) => document.querySelector("#compose").addEventListener(type, say));
