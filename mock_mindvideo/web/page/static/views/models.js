// The models as their schema files say them.
import { html } from "../html.js";
import { state } from "../store.js";
import { say } from "../words.js";

export function Models() {
  return html`
    <h2>${say("models")}</h2>
    ${state.models.map((model) => html`
      <section key=${model.slug}><h3>${model.title} <code>${model.slug}</code></h3>
        <p>${say("example.cost", { cost: model.example_cost })}</p>
        ${["example", "input_schema", "rules_schema", "upstream_schema", "pricing"].filter((part) => model[part]).map((part) => html`
          <details><summary>${part}</summary><pre>${JSON.stringify(model[part], null, 2)}</pre></details>`)}
      </section>`)}
  `;
}
