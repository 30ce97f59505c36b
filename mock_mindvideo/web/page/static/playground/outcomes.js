// Lists of what may become of a request, as words of a script.

/** What lists offer; each replaces the words it is about, and leaves the others. */
export const OUTCOMES = {
  "": "",
  failed: "outcome=failed",
  policy: "outcome=failed; error=content_policy",
  cancelled: "outcome=cancelled",
  stuck: "outcome=stuck",
  busy: "status=503; times=1",
  limited: "status=429; retry-after=3; times=1",
  lost: "drop@after-commit",
};
export const SPEEDS = { "": "", instant: "queued=0; processing=0", quick: "queued=1; processing=2", slow: "queued=10; processing=60" };

/** @param {string} text */
const wordsOf = (text) => text.split(";").map((each) => each.trim()).filter(Boolean);

/** @param {string} word */
const nameOf = (word) => word.split(/[=@]/)[0];

/** A script without the words that a list is about, with what was chosen from it. @param {string} script @param {Record<string, string>} list @param {string} chosen */
export function withWords(script, list, chosen) {
  const about = new Set(Object.values(list).flatMap(wordsOf).map(nameOf));
  const kept = wordsOf(script).filter((word) => !about.has(nameOf(word)));
  return [...kept, ...wordsOf(list[chosen])].join("; ");
}

/** What of a list a script says; null where it says something else. @param {string} script @param {Record<string, string>} list */
export function chosenOf(script, list) {
  const about = new Set(Object.values(list).flatMap(wordsOf).map(nameOf));
  const said = wordsOf(script).filter((word) => about.has(nameOf(word))).join("; ");
  return Object.keys(list).find((name) => wordsOf(list[name]).join("; ") === said) ?? null;
}
