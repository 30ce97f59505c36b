// What will happen to the next requests: the stored scripts, and words to write one with.
import { Component, html } from "../html.js";
import { ROOT, authorization, keyOf } from "../api.js";
import { PLATFORM } from "../platform.js";
import { parts, sentence } from "../sentence.js";
import { act, changed, state } from "../store.js";
import { say } from "../words.js";
import { Grounds } from "./grounds.js";

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

/** A first value for each word that takes one; what is not here is written by hand. @type {Record<string, string>} */
const FIRST = {
  outcome: "failed", error: "content_policy", message: '"not today"', queued: "1", processing: "30", delay: "2",
  status: "503", "retry-after": "3", truncate: "20", drip: "100", cut: "2", duplicate: "1", heartbeats: "5", "webhook-drop": "1",
  limit: "10/60", times: "1", skip: "1", probability: "0.5", method: "POST", path: `/${PLATFORM.submit}`,
};

/** @extends {Component<{}, { text: string, all: boolean }>} */
export class Scripts extends Component {
  state = { text: "", all: false };

  add = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const added = await act("POST", "scripts", { script: this.state.text });
    if (added) this.setState({ text: "" });
  };

  render() {
    const { text } = this.state;
    return html`
      <h2>${say("scripts")} <${Grounds} names=${["header:X-Mock-Script"]} /></h2>
      <form class="builder" onSubmit=${this.add}>
        <label>${say("script")} <input name="script" autocomplete="off" spellcheck="false" aria-describedby="does" value=${text} onInput=${(/** @type {any} */ event) => this.setState({ text: event.target.value })} placeholder=${PRESETS[0]} /></label>
        <button>${say("add")}</button>
      </form>
      <p id="does" class="does" aria-live="polite">${sentence(text) || say("does.nothing")}</p>
      <h3>${say("presets")}</h3>
      <ul class="presets">${PRESETS.map((each) => html`<li><button class="plain" onClick=${() => this.setState({ text: each })}><code>${each}</code></button> <small>${sentence(each)}</small></li>`)}</ul>
      ${this.words()}
      <${Stored} />
    `;
  }

  /** Put a word into the script, with a first value, or take it out again. @param {string} name @param {string} form */
  use(name, form) {
    const words = parts(this.state.text);
    const kept = words.filter(([each]) => each !== name);
    const alone = form.startsWith("alone");
    const added = kept.length < words.length ? [] : [alone ? name : `${name}=${FIRST[name] ?? ""}`];
    const texts = kept.map(([each, value]) => (value === "" ? each : `${each}=${/[;"]/.test(value) ? JSON.stringify(value) : value}`));
    this.setState({ text: [...texts, ...added].join("; ") });
  }

  words() {
    const used = new Set(parts(this.state.text).map(([name]) => name));
    const known = Object.entries(state.rules?.words ?? {});
    const toggle = (/** @type {any} */ event) => this.setState({ all: event.currentTarget.open });
    return html`<details onToggle=${toggle}><summary>${say("words")}</summary>
      ${this.state.all && html`<table class="words"><thead><tr><th>${say("word")}</th><th>${say("value")}</th><th>${say("acts")}</th><th>${say("rules")}</th></tr></thead>
        <tbody>${known.map(([name, form]) => html`<tr key=${name}>
          <td><button class="plain" aria-pressed=${used.has(name)} onClick=${() => this.use(name, String(form))}><code>${name}</code></button></td>
          <td>${form}</td><td>${[state.rules.words_act_on[name]].flat().join(", ")}</td><td><${Grounds} names=${[`word:${name}`]} /></td></tr>`)}</tbody></table>`}
    </details>`;
  }
}

function Stored() {
  if (!state.scripts.length) return html`<p>${say("nothing.scripts")}</p><pre class="first">${`curl -X POST ${new URL("_mock/scripts", ROOT)} -H 'Authorization: ${authorization(keyOf(state.place.world))}' -d '{"script": "${PRESETS[0]}"}'`}</pre>`;
  const clear = async () => {
    await act("DELETE", "scripts");
    state.scripts = [];
    changed();
  };
  return html`
    <h3>${say("stored")}</h3>
    <table class="stored"><thead><tr><th>${say("script")}</th><th>${say("origin")}</th><th>${say("used")}</th></tr></thead>
      <tbody>${state.scripts.map((each) => html`<tr class=${each.spent ? "spent" : ""}><td><code>${each.script}</code><br /><small>${sentence(each.script)}</small></td><td>${each.origin}</td><td>${each.unused ? say("unused") : `${each.used} / ${each.seen}`}</td></tr>`)}</tbody>
    </table>
    <button class="danger" onClick=${clear}>${say("clear")}</button>
  `;
}
