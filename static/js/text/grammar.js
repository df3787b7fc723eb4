// Tags, mentions and lengths as the server reads them (core/text.py), by the same patterns.
import {
  CHARACTERS, DIRECTION_MARK, ENDING, HALF_WIDTHS, RIGHT_TO_LEFT, SCAN, SIGN, SIGN_APART, SIGNED, SIGNED_MAX, TAG_MAX,
  TAG_SEPARATOR, TIDY, WIDE,
} from "./patterns.js";

const replaced = (text, rules) => rules.reduce((left, [pattern, becomes]) => left.replace(pattern, becomes), text);
const has = (pattern, text) => text.search(pattern) >= 0;
export const isWide = (char) => has(WIDE, char);
const points = (text) => [...text].length;

function visible(text) {
  const left = replaced(text, TIDY);
  return (has(RIGHT_TO_LEFT, left) ? left : left.replace(DIRECTION_MARK, "")).normalize("NFC");
}
/** A name as part of a sentence, whose words it does not turn around. */
export const isolated = (text) => (has(RIGHT_TO_LEFT, text) ? `\u2068${text}\u2069` : text);

export const tidyLine = (text) => visible(text).trim().replace(/\s+/g, " ");
export const tidyProse = (text) =>
  visible(text).split("\n").map((line) => line.trimEnd()).join("\n").replace(/\n{3,}/g, "\n\n").trim();

/** How much of its limit a text takes: characters, or half-widths; ten code points are one at least, or two. */
export function used(text, unit) {
  if (unit !== "half") return Math.max(points(replaced(text, CHARACTERS)), Math.ceil(points(text) / 10));
  const shown = replaced(text, HALF_WIDTHS);
  return Math.max(points(shown) + (shown.match(WIDE)?.length ?? 0), Math.ceil(points(text) / 2));
}

/** What two wordings of a tag share. */
export const normalForm = (text) => text.normalize("NFKC").toLowerCase().normalize("NFKC").trim().replace(/\s+/g, " ");
const isTag = (name) => /\p{L}/u.test(name) && points(normalForm(name)) <= TAG_MAX;

/** The first hundred #tags and @mentions of a text, in order. */
export function signed(text) {
  const runs = [...text.matchAll(SCAN)].map(({ groups }) => groups.run ?? "");
  const found = runs.flatMap((run) => [...run.matchAll(SIGNED)].map(({ groups }) => groups));
  return found.flatMap(({ tag, handle }) => {
    const name = tag && [...tag].slice(0, TAG_MAX).join("").replace(ENDING, "");
    return handle ? [{ mention: handle }] : isTag(name) ? [{ tag: name }] : [];
  }).slice(0, SIGNED_MAX);
}

/** The words of a field for tags, as they are typed. */
export function wordsBetween(text) {
  return tidyProse(text).split(TAG_SEPARATOR).flatMap((piece) => {
    const at = piece.search(SIGN_APART);
    return at < 0 ? [piece] : [piece.slice(0, at), ...piece.slice(at + 1).split(SIGN)];
  }).map(tidyLine);
}
