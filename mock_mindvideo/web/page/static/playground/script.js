// What becomes of this one request: words of a script, chosen from lists or written.
import { html } from "../html.js";
import { say } from "../words.js";
import { draft, edited } from "./draft.js";

/** What lists offer; each replaces the words it is about, and leaves the others. */
const OUTCOMES = {
  "": "",
  failed: "outcome=failed",
  policy: "outcome=failed; error=content_policy",
  cancelled: "outcome=cancelled",
  stuck: "outcome=stuck",
  busy: "status=503; times=1",
  limited: "status=429; retry-after=3; times=1",
  lost: "drop@after-commit",
};
const SPEEDS = { "": "", instant: "queued=0; processing=0", quick: "queued=1; processing=2", slow: "queued=10; processing=60" };

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

export function ScriptField() {
  const change = (/** @type {string} */ script) => {
    draft.script = script;
    edited();
  };
  const list = (/** @type {string} */ word, /** @type {Record<string, string>} */ offered) => {
    const chosen = chosenOf(draft.script, offered);
    return html`
      <label>${say(word)}
        <select onChange=${(/** @type {any} */ event) => change(withWords(draft.script, offered, event.target.value))}>
          ${chosen === null && html`<option value="" selected disabled>${say("pg.script.own")}</option>`}
          ${Object.keys(offered).map((name) => html`<option value=${name} selected=${name === chosen}>${say(`${word}.${name || "usual"}`)}</option>`)}
        </select>
      </label>`;
  };
  return html`
    <div class="script buttons">${list("pg.outcomes", OUTCOMES)} ${list("pg.speeds", SPEEDS)}
      <label>${say("script")} <input id="script" autocomplete="off" spellcheck=${false} placeholder="X-Mock-Script" value=${draft.script} onInput=${(/** @type {any} */ event) => change(event.target.value)} /></label>
    </div>
  `;
}
