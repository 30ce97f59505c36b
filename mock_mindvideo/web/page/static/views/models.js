// The models as their schema files say them, what is wrong with a file, and where one differs from the shipped one.
import { Component, html } from "../html.js";
import { difference } from "../difference.js";
import { link } from "../route.js";
import { lookAtFiles, state } from "../store.js";
import { say } from "../words.js";
import { Grounds } from "./grounds.js";

/** Milliseconds between two looks at the files, while this view is open. */
const LOOK = 1000;

const PARTS = ["example", "input_schema", "rules_schema", "upstream_schema", "pricing", "references"];

/** @extends {Component<{}, {}>} */
export class Models extends Component {
  timer = 0;

  componentDidMount() {
    const look = () => !document.hidden && lookAtFiles().catch(() => {});
    look();
    this.timer = setInterval(look, LOOK);
  }

  componentWillUnmount() {
    clearInterval(this.timer);
  }

  render() {
    return html`
      <h2>${say("models")}</h2>
      <div role="alert">${state.broken && html`<div class="problem broken"><p>${say("broken")}</p><pre tabindex="0">${state.broken}</pre></div>`}</div>
      ${state.models.map((model) => html`<${Model} model=${model} key=${model.slug} />`)}
    `;
  }
}

/** @param {{ model: any }} given */
function Model({ model }) {
  return html`
    <section><h3>${model.title} <code>${model.slug}</code> <${Grounds} names=${["schema:input.schema.json"]} /></h3>
      <p>${say("example.cost", { cost: model.example_cost })} <a href=${link(state.place, { view: "playground", item: model.slug })}>${say("pg.try")}</a></p>
      <${Drift} model=${model} />
      ${PARTS.filter((part) => model[part]).map((part) => html`
        <details><summary>${part}</summary><pre tabindex="0">${JSON.stringify(model[part], null, 2)}</pre></details>`)}
    </section>`;
}

/** Where the model differs from the one of its name that the mock ships. @param {{ model: any }} given */
function Drift({ model }) {
  if (!model.shipped) return html`<p class="drift">${say("drift.own")}</p>`;
  const found = difference(model.shipped, Object.fromEntries(PARTS.map((part) => [part, model[part]])));
  if (!found.length) return html`<p class="drift">${say("drift.same")}</p>`;
  return html`
    <div class="drift"><p>${say("drift.changed")}</p>
      <table><thead><tr><th>${say("place")}</th><th>${say("drift.shipped")}</th><th>${say("drift.here")}</th></tr></thead>
        <tbody>${found.map((each) => html`<tr><td><code>${each.pointer}</code></td><td><pre>${shown(each.one)}</pre></td><td><pre>${shown(each.other)}</pre></td></tr>`)}</tbody>
      </table></div>`;
}

/** @param {unknown} value */
const shown = (value) => (value === undefined ? "–" : JSON.stringify(value, null, 2));
