// The keys of the keyboard.
import { html } from "../html.js";
import { say } from "../words.js";

const KEYS = [["/", "key.search"], ["j", "key.down"], ["k", "key.up"], ["Enter", "key.open"], ["?", "key.help"], ["Esc", "key.close"]];

export function Help() {
  return html`<section class="help" aria-label=${say("keyboard")}><dl>${KEYS.map(([key, word]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${say(word)}</dd></div>`)}</dl></section>`;
}
