// What will happen to the next requests: the stored scripts, and words to write one with.
import { Component, html } from "../html.js";
import { act, changed, state } from "../store.js";
import { say } from "../words.js";

const PRESETS = [
  "outcome=failed; error=content_policy; times=1",
  "outcome=stuck; times=1",
  "status=429; retry-after=3; times=2",
  "status=503; times=1",
  "drop@after-commit; times=1",
  "delay=2; times=1",
  "cut=2; times=1",
  "queued=0; processing=60",
];

/** @extends {Component<{}, { text: string }>} */
export class Scripts extends Component {
  state = { text: "" };

  add = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const added = await act("POST", "scripts", { script: this.state.text });
    if (added) this.setState({ text: "" });
  };

  render() {
    const { text } = this.state;
    return html`
      <h2>${say("scripts")}</h2>
      <form class="builder" onSubmit=${this.add}>
        <label>${say("script")} <input name="script" value=${text} onInput=${(/** @type {any} */ event) => this.setState({ text: event.target.value })} placeholder=${PRESETS[0]} /></label>
        <button>${say("add")}</button>
      </form>
      <p class="presets">${PRESETS.map((each) => html`<button class="plain" onClick=${() => this.setState({ text: each })}><code>${each}</code></button>`)}</p>
      ${this.words()}
      <${Stored} />
    `;
  }

  words() {
    const known = state.rules?.words ?? {};
    const use = (/** @type {string} */ form) => this.setState({ text: [this.state.text, form].filter(Boolean).join("; ") });
    return html`<details><summary>${say("words")}</summary>
      <dl class="words">${Object.entries(known).map(([name, form]) => html`<div><dt><button class="plain" onClick=${() => use(String(form))}><code>${form}</code></button></dt><dd>${[state.rules.words_act_on[name]].flat().join(", ")}</dd></div>`)}</dl>
    </details>`;
  }
}

function Stored() {
  if (!state.scripts.length) return html`<p>${say("nothing.scripts")}</p>`;
  const clear = async () => {
    await act("DELETE", "scripts");
    state.scripts = [];
    changed();
  };
  return html`
    <table><thead><tr><th>${say("script")}</th><th>${say("origin")}</th><th>${say("used")}</th></tr></thead>
      <tbody>${state.scripts.map((each) => html`<tr class=${each.spent ? "spent" : ""}><td><code>${each.script}</code></td><td>${each.origin}</td><td>${each.unused ? say("unused") : `${each.used} / ${each.seen}`}</td></tr>`)}</tbody>
    </table>
    <button class="danger" onClick=${clear}>${say("clear")}</button>
  `;
}
