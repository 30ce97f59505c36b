// Behind what the mock shows: the rules it rests on, each with how far it can be trusted.
import { html } from "../html.js";
import { link } from "../route.js";
import { state } from "../store.js";
import { say } from "../words.js";

/** Rules that are named in one place at most: the rest is found beside them. */
const MOST = 4;

/** Links to the rules that cover any of `names`, such as `code:rate_limited`. @param {{ names: string[] }} given */
export function Grounds({ names }) {
  const found = (state.rules?.behaviours ?? []).filter((/** @type {any} */ each) => (each.covers ?? []).some((/** @type {string} */ name) => names.includes(name)));
  return found.slice(0, MOST).map((/** @type {any} */ each) => html`
    <a class=${`fidelity ${each.kind}`} key=${each.id} aria-label=${`${each.id}, ${say(`fidelity.${each.kind}`)}`} title=${`${each.statement} (${each.source})`}
      href=${link(state.place, { view: "rules", query: { text: each.id } })}>${each.id}</a>`);
}
