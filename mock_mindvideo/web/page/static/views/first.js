// What an empty view offers to begin with.
import { html } from "../html.js";
import { firstCurl } from "../copies.js";
import { state } from "../store.js";
import { say } from "../words.js";

/** A curl that makes the world's first task, by the first model's example: there is none before the models are known. @param {{ id?: string }} given */
export function First({ id }) {
  if (!state.rules) return html`<p aria-busy="true">${say("loading")}</p>`;
  return html`<pre class="first" id=${id}>${firstCurl(state.place.world, state.models[0])}</pre>`;
}
