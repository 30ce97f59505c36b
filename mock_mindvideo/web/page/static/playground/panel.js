// Beside the form: the price, how it is sent, what came of it, and the request as programs.
import { Component, html } from "../html.js";
import { ROOT, keyOf } from "../api.js";
import { PLATFORM } from "../platform.js";
import { link } from "../route.js";
import { copy, state } from "../store.js";
import { Result } from "../views/task.js";
import { say } from "../words.js";
import { draft } from "./draft.js";
import { SAMPLES } from "./samples.js";
import { ScriptField } from "./script.js";
import { headers, order, renewKey, setKey, setWay, stop } from "./sending.js";

export function Price() {
  const { cost, currency, code, message, advice, old } = draft.estimate;
  const count = draft.violations.length || 1;
  return html`
    <div class="price" role="status" aria-busy=${old ? "true" : undefined}>
      ${cost ? html`<p><span class="soft">${say("pg.price")}</span> <output class=${old ? "old" : ""}>${cost}</output> ${currency}</p>` : null}
      ${!cost && !message ? html`<p><output class="old">…</output></p>` : null}
      ${!cost && message ? html`<p><output class="old">–</output> ${code === "invalid_input" ? say("pg.wrong", { count }) : message}</p>` : null}
      ${advice.map((each) => html`<p class="advice">${say("advice")}: ${each}</p>`)}
    </div>
  `;
}

export function Sending() {
  const way = (/** @type {"poll" | "stream"} */ name) => html`
    <label><input type="radio" name="way" value=${name} checked=${order.way === name} onChange=${() => setWay(name)} /> ${say(`pg.way.${name}`)}</label>`;
  return html`
    <div class="sending">
      <div class="field"><div class="named"><label for="idempotency-key">${PLATFORM.idempotencyKey}</label>
        <button type="button" class="plain small" onClick=${renewKey}>${say("pg.renew")}</button></div>
        <input id="idempotency-key" aria-describedby="about-key" autocomplete="off" spellcheck=${false} value=${order.key} onInput=${(/** @type {any} */ event) => setKey(event.target.value)} />
        <p class="limit" id="about-key">${say(order.used ? "pg.key.used" : "pg.key.new")}</p>
      </div>
      <${ScriptField} />
      <fieldset class="ways"><legend>${say("pg.follow")}</legend>${way("poll")} ${way("stream")}</fieldset>
      <p class="buttons"><button class="send" type="submit" title="Ctrl+Enter" disabled=${order.sending || draft.raw?.problem}>${say(order.sending ? "pg.sending" : "pg.send")}</button>
        ${(order.following || order.sending) && html`<button type="button" onClick=${stop}>${say("pg.stop")}</button>`}</p>
    </div>
  `;
}

/** What to do about a refusal, or a task that failed. @param {string} code @param {number | null} status */
function todo(code, status) {
  const told = [`pg.todo.${code}`, `pg.todo.${status}`].map((word) => [word, say(word)]).find(([word, text]) => word !== text);
  return told ? told[1] : "";
}

export function Outcome() {
  const { task, refusal, replayed, trail } = order;
  return html`
    <section class="outcome" aria-label=${say("pg.outcome")}>
      <div role="status">
        ${refusal && html`<div class="problem refusal" tabindex="-1">
          <p>${refusal.status !== null && html`<b>${refusal.status || say("lost.answer")}</b> `}<code>${refusal.code}</code> ${refusal.message}</p><p>${todo(refusal.code, refusal.status)}</p></div>`}
        ${task && html`<p><span class=${`status ${task.status}`}>${say(`status.${task.status}`)}</span> <a href=${link(state.place, { world: order.world, view: "tasks", item: task.task_id })}><code>${task.task_id}</code></a></p>`}
        ${replayed && html`<p>${say("pair.replayed")}</p>`}
        ${task?.error && html`<div class="problem"><p><code>${task.error.code}</code> ${task.error.message}</p><p>${todo("failed", 0)}</p></div>`}
        ${task?.status === "cancelled" && html`<p>${todo("cancelled", 0)}</p>`}
      </div>
      ${task && html`<${Result} task=${task} />`}
      ${trail.length > 0 && html`<h3>${say("pg.trail")}</h3><${Trail} lines=${trail} />`}
    </section>
  `;
}

/** @param {{ lines: import("./sending.js").Line[] }} given */
function Trail({ lines }) {
  const began = lines[0].at;
  return html`<ol class="trail" tabindex="0" aria-label=${say("pg.trail")}>${lines.map((line) => html`
    <li class=${line.kind}><span class="soft">+${((line.at - began) / 1000).toFixed(1)} s</span> <b>${say(`pg.line.${line.kind}`)}</b> <code>${line.text}</code>${" "}
      <span>${line.kind === "lost" ? say("lost.answer") : line.status}</span> ${line.ms !== null && html`<span class="soft">${line.ms.toFixed(0)} ms</span>`}</li>`)}</ol>`;
}

/** Characters of a program that are shown; all are copied. */
const SHOWN = 20_000;

/** Written again only when they change: an input may be long. @extends {Component<Record<string, unknown>, { language: keyof typeof SAMPLES, withKey: boolean }>} */
export class Programs extends Component {
  /** @type {{ language: keyof typeof SAMPLES, withKey: boolean }} */
  state = { language: "curl", withKey: true };

  /** @param {Record<string, unknown>} next @param {unknown} state */
  shouldComponentUpdate(next, state) {
    return state !== this.state || Object.keys(next).some((each) => next[each] !== this.props[each]);
  }

  render() {
    const { language, withKey } = this.state;
    const key = withKey ? keyOf(state.place.world) : null;
    const submit = { url: new URL(PLATFORM.submit, ROOT).href, key, headers: headers(), body: { model: draft.model, input: draft.input ?? {} } };
    const text = SAMPLES[language](submit);
    return html`
      <section class="programs"><h3 id="programs">${say("pg.programs")}</h3>
        <div class="buttons" role="group" aria-labelledby="programs">
          ${Object.keys(SAMPLES).map((each) => html`<button type="button" aria-pressed=${each === language ? "true" : "false"} onClick=${() => this.setState({ language: /** @type {keyof typeof SAMPLES} */ (each) })}>${each}</button>`)}
          <label><input type="checkbox" checked=${withKey} onChange=${() => this.setState({ withKey: !withKey })} /> ${say("pg.with.key")}</label>
          <button type="button" class="copy" onClick=${() => copy(text, language)}>${say("copy", { what: language })}</button>
        </div>
        <pre tabindex="0">${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}</pre>
      </section>
    `;
  }
}
