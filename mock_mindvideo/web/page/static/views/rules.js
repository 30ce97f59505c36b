// Every behaviour with how far it can be trusted, and where it is known from.
import { html } from "../html.js";
import { refine } from "../places.js";
import { state } from "../store.js";
import { say } from "../words.js";

export function Rules() {
  const { place, rules } = state;
  const wanted = (place.query.text ?? "").toLowerCase();
  const found = (rules?.behaviours ?? []).filter((/** @type {any} */ each) => `${each.id} ${each.kind} ${each.statement}`.toLowerCase().includes(wanted));
  const search = (/** @type {any} */ event) => refine({ text: event.target.value });
  return html`
    <h2>${say("rules")}</h2>
    <div class="filter"><label>${say("search")} <input id="search" type="search" value=${place.query.text ?? ""} onInput=${search} /></label></div>
    <ul class="behaviours">${found.map((/** @type {any} */ each) => html`
      <li data-row tabindex="0" key=${each.id}><b>${each.id}</b> <span class=${`fidelity ${each.kind}`}>${say(`fidelity.${each.kind}`)}</span> ${each.statement} <small>${each.source}${each.changed_by && html`; ${say("changed_by")} ${each.changed_by.map((/** @type {string} */ place) => html`<code key=${place}>${place}</code> `)}`}</small></li>`)}
    </ul>
  `;
}
