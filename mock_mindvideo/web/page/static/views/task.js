// One task: its states, its money, what was asked of it, and what it made.
import { Component, html } from "../html.js";
import { ROOT } from "../api.js";
import { loadTask } from "../following.js";
import { PLATFORM } from "../platform.js";
import { link } from "../route.js";
import { effects, parts } from "../sentence.js";
import { clockTime, pretty, span } from "../show.js";
import { act, notify, now, state } from "../store.js";
import { say } from "../words.js";
import { Lane, ended } from "./lane.js";
import { ExchangeRow } from "./exchange.js";
import { Grounds } from "./grounds.js";
import { marksOf } from "./tasks.js";

/** @extends {Component<{ id: string }, { code: string, message: string, missing: boolean }>} */
export class TaskView extends Component {
  state = { code: "", message: "", missing: false };
  seen = "";

  componentDidMount() {
    this.look();
  }

  componentDidUpdate() {
    const status = state.tasks.get(this.props.id)?.status ?? "";
    if (status !== this.seen) this.look();
  }

  look() {
    this.seen = state.tasks.get(this.props.id)?.status ?? "";
    loadTask(this.props.id).catch(() => this.setState({ missing: true }));
  }

  /** @param {string} move */
  async move(move) {
    const { code, message } = this.state;
    const given = move === "fail" ? { ...(code && { code }), ...(message && { message }) } : {};
    await act("POST", `tasks/${this.props.id}/${move}`, given);
    this.look();
  }

  async cut() {
    const done = await act("POST", `tasks/${this.props.id}/cut`, {});
    if (done) notify(say("cut.done", { count: done.streams }));
  }

  render() {
    const task = state.tasks.get(this.props.id);
    if (!task) return html`<p>${this.state.missing ? say("missing") : say("loading")}</p>`;
    return html`
      <h2><span class=${`status ${task.status}`}>${say(`status.${task.status}`)}</span> <code>${task.task_id}</code> <${Grounds} names=${[`status:${task.status}`]} /></h2>
      ${this.buttons(task)}
      <${Course} task=${task} />
      <${Result} task=${task} />
      <${Facts} task=${task} />
      <${Asked} task=${task} />
      <${Streams} />
    `;
  }

  /** @param {import("../store.js").Task} task */
  buttons(task) {
    if (ended(task.status)) return null;
    const set = (/** @type {string} */ name) => (/** @type {any} */ event) => this.setState({ [name]: event.target.value });
    return html`
      <div class="buttons">
        ${task.status === "queued" && html`<button onClick=${() => this.move("start")}>${say("start")}</button>`}
        <button onClick=${() => this.move("succeed")}>${say("succeed")}</button>
        <button onClick=${() => this.move("cancel")}>${say("cancel")}</button>
        <button onClick=${() => this.cut()}>${say("cut")}</button>
        <form onSubmit=${(/** @type {Event} */ event) => { event.preventDefault(); this.move("fail"); }}>
          <label>${say("code")} <input name="code" placeholder="generation_failed" value=${this.state.code} onInput=${set("code")} /></label>
          <label>${say("message")} <input name="message" value=${this.state.message} onInput=${set("message")} /></label>
          <button class="danger">${say("fail")}</button>
        </form>
      </div>
    `;
  }
}

/** @param {{ task: import("../store.js").Task }} given */
function Course({ task }) {
  const steps = [...task.timeline, ...(task.planned ?? [])];
  const from = Date.parse(steps[0].at);
  const to = Math.max(Date.parse(steps[steps.length - 1].at), ended(task.status) ? 0 : now(), from + 1000);
  const room = (to - from) * 0.05;
  const axis = { from: from - room, to: to + room, now: now() };
  return html`
    <section><h3>${say("states")}</h3>
      <${Lane} task=${task} axis=${axis} marks=${marksOf().get(task.task_id)} />
      <ol class="steps">
        ${steps.map((step, index) => html`
          <li class=${index >= task.timeline.length ? "planned" : ""}>
            <i class=${`dot ${step.status}`}></i><span>${say(`status.${step.status}`)}</span> ${" "}
            <time datetime=${step.at}>${clockTime(step.at)}</time> <small>+${span(Date.parse(step.at) - from)}${index >= task.timeline.length ? ` · ${say("planned")}` : ""}</small>
          </li>`)}
      </ol>
      ${task.error && html`<p class="problem"><code>${task.error.code}</code> ${task.error.message} <${Grounds} names=${[`error:${task.error.code}`]} /></p>`}
    </section>
  `;
}

/** @param {{ task: import("../store.js").Task }} given */
export function Result({ task }) {
  const made = task.output?.videos ?? task.output?.images;
  if (!made) return null;
  const here = (/** @type {string} */ url) => new URL(new URL(url).pathname.replace(/^.*\/media\//, "media/"), ROOT).href;
  return html`
    <section><h3>${say("result")}</h3>
      ${made.map((/** @type {{ url: string }} */ each) => task.output.videos
        ? html`<video controls muted preload="auto" aria-label=${say("result")} src=${`${here(each.url)}#t=0.001`}></video>`
        : html`<img alt=${say("result")} src=${here(each.url)} />`)}
    </section>
  `;
}

/** @param {{ task: import("../store.js").Task }} given */
function Facts({ task }) {
  const money = (state.ledger?.entries ?? []).filter((/** @type {any} */ each) => each.task_id === task.task_id);
  const facts = [
    [say("model"), task.model],
    [say("script"), task.script ? html`<code>${task.script}</code> ${effects(task.script)} <${Grounds} names=${parts(task.script).map(([name]) => `word:${name}`)} />` : say("script.none")],
    [PLATFORM.idempotencyKey, html`${task.idempotency_key ?? "–"} <${Grounds} names=${[`header:${PLATFORM.idempotencyKey}`]} />`],
    [say("cost"), `${task.cost_estimate ?? ""} → ${task.cost_actual ?? "…"} USD`],
    ...money.map((/** @type {any} */ each) => [say(`money.${each.kind}`), `${each.amount} USD · ${clockTime(each.at)}`]),
  ];
  return html`
    <section><h3>${say("facts")}</h3>
      <dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      <details><summary>${say("input")}</summary><pre>${pretty(JSON.stringify(task.input ?? {}))}</pre></details>
    </section>
  `;
}

/** @param {{ task: import("../store.js").Task }} given */
function Asked({ task }) {
  const asked = state.journal.filter((each) => each.task_id === task.task_id);
  return html`
    <section><h3>${say("asked")} (${asked.length})</h3>
      ${asked.length > 50 && html`<p><a href=${link(state.place, { view: "journal", query: { text: task.task_id } })}>${say("all")}</a></p>`}
      <ul class="exchanges">${asked.slice(-50).map((each) => html`<${ExchangeRow} exchange=${each} key=${each.request_id + each.at} />`)}</ul>
    </section>
  `;
}

function Streams() {
  /** @type {Map<string, number[]>} */
  const streams = new Map();
  for (const each of state.deliveries) {
    streams.set(each.request_id, [...(streams.get(each.request_id) ?? []), each.sequence]);
  }
  if (!streams.size) return null;
  return html`
    <section><h3>${say("streams")} <${Grounds} names=${["event:task.queued"]} /></h3>
      <ul>${[...streams].map(([id, sent]) => html`<li><code>${id}</code> ${say("sent", { events: sent.join(", ") })}</li>`)}</ul>
    </section>
  `;
}
