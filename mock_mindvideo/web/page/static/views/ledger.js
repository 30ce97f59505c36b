// Money: what is held, what was charged, and how the balance went.
import { html } from "../html.js";
import { link } from "../route.js";
import { clockTime } from "../show.js";
import { act, state } from "../store.js";
import { say } from "../words.js";
import { First } from "./first.js";
import { Grounds } from "./grounds.js";

export function Ledger() {
  const { ledger } = state;
  const set = (/** @type {any} */ event) => {
    event.preventDefault();
    const credit = event.target.elements.credit.value.trim();
    act("POST", "credit", { credit: credit || null });
  };
  return html`
    <h2>${say("ledger")} <${Grounds} names=${["endpoint:GET /_mock/ledger"]} /></h2>
    <dl class="sums">
      <div><dt>${say("held")}</dt><dd>${ledger.held} USD</dd></div>
      <div><dt>${say("charged")}</dt><dd>${ledger.charged} USD</dd></div>
      <div><dt>${say("credit")}</dt><dd>${ledger.credit === null ? say("unlimited") : `${ledger.credit} USD`}</dd></div>
    </dl>
    <form onSubmit=${set}><label>${say("credit")} <input name="credit" inputmode="decimal" placeholder=${say("unlimited")} /></label> <button>${say("set")}</button></form>
    <${Balance} entries=${ledger.entries} />
    ${ledger.entries.length === 0 ? html`<p>${say("nothing.ledger")}</p><${First} />` : html`
      <table><thead><tr><th>${say("at")}</th><th>${say("kind")}</th><th>USD</th><th>${say("task")}</th></tr></thead>
        <tbody>${ledger.entries.slice(-200).reverse().map((/** @type {any} */ each) => html`
          <tr><td>${clockTime(each.at)}</td><td>${say(`money.${each.kind}`)}</td><td class="number">${each.amount}</td>
            <td><a href=${link(state.place, { view: "tasks", item: each.task_id })}><code>${each.task_id}</code></a></td></tr>`)}
        </tbody></table>`}
  `;
}

/** What was spent or held, over time. @param {{ entries: { at: string, kind: string, amount: string }[] }} given */
function Balance({ entries }) {
  if (entries.length < 2) return null;
  const from = Date.parse(entries[0].at);
  const to = Math.max(from + 1, Date.parse(entries[entries.length - 1].at));
  let sum = 0;
  const points = entries.filter((each) => each.kind !== "charge").map((each) => {
    sum += Number(each.amount) * (each.kind === "hold" ? 1 : -1);
    return { x: ((Date.parse(each.at) - from) / (to - from)) * 1000, y: sum };
  });
  const top = Math.max(...points.map((each) => each.y), 0.0001);
  const path = points.map((each) => `H${each.x}V${100 - (each.y / top) * 95}`).join("");
  return html`<svg class="balance" viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label=${say("balance", { sum: sum.toFixed(4) })}><path d=${`M0 100${path}`} /></svg>`;
}
