// What becomes of this one request: words of a script, chosen from lists or written.
import { html } from "../html.js";
import { say } from "../words.js";
import { draft, setScript } from "./draft.js";
import { OUTCOMES, SPEEDS, chosenOf, withWords } from "./outcomes.js";

export function ScriptField() {
  const list = (/** @type {string} */ word, /** @type {Record<string, string>} */ offered) => {
    const chosen = chosenOf(draft.script, offered);
    return html`
      <label>${say(word)}
        <select onChange=${(/** @type {any} */ event) => setScript(withWords(draft.script, offered, event.target.value))}>
          ${chosen === null && html`<option value="" selected disabled>${say("pg.script.own")}</option>`}
          ${Object.keys(offered).map((name) => html`<option value=${name} selected=${name === chosen}>${say(`${word}.${name || "usual"}`)}</option>`)}
        </select>
      </label>`;
  };
  return html`
    <div class="script buttons">${list("pg.outcomes", OUTCOMES)} ${list("pg.speeds", SPEEDS)}
      <label>${say("script")} <input id="script" autocomplete="off" spellcheck=${false} placeholder="X-Mock-Script" value=${draft.script} onInput=${(/** @type {any} */ event) => setScript(event.target.value)} /></label>
    </div>
  `;
}
