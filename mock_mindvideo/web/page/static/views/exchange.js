// One request and its answer: a line, which opens into everything that was sent.
import { Component, html } from "../html.js";
import { ORDER, PLATFORM } from "../platform.js";
import { call } from "../api.js";
import { curl, fetched, httpx } from "../copies.js";
import { difference } from "../difference.js";
import { link } from "../route.js";
import { clockTime, header, pretty } from "../show.js";
import { changed, copy, state } from "../store.js";
import { say } from "../words.js";
import { Grounds } from "./grounds.js";

/** @typedef {import("../store.js").Exchange} Exchange */

/** @extends {Component<{ exchange: Exchange }, { open: boolean }>} */
export class ExchangeRow extends Component {
  state = { open: false };

  render() {
    const { exchange } = this.props;
    const { open } = this.state;
    return html`
      <li class="exchange">
        <button class="line" data-row aria-expanded=${open} onClick=${() => this.setState({ open: !open })}>
          <time datetime=${exchange.at}>${clockTime(exchange.at)}</time>
          <b>${exchange.method}</b>
          <span class="path">${exchange.path}</span>
          <span class=${`code c${String(exchange.status)[0]}`}>${exchange.status || say("lost.answer")}</span>
          <span class="note">${exchange.code ?? ""} ${exchange.fault ?? ""} ${exchange.plan ?? ""}</span>
          <span class="ms">${exchange.ms.toFixed(1)} ms</span>
        </button>
        ${open && html`<${Opened} exchange=${exchange} />`}
      </li>
    `;
  }
}

/** @param {{ exchange: Exchange }} given */
function Opened({ exchange }) {
  const { place } = state;
  return html`
    <div class="opened">
      <p class="buttons">
        <button onClick=${() => copy(curl(place.world, exchange), "curl")}>${say("copy", { what: "curl" })}</button>
        <button onClick=${() => copy(httpx(place.world, exchange), "httpx")}>${say("copy", { what: "httpx" })}</button>
        <button onClick=${() => copy(fetched(place.world, exchange), "fetch")}>${say("copy", { what: "fetch" })}</button>
        <button onClick=${() => replay(exchange)}>${say("replay")}</button>
        ${isSubmit(exchange) && html`<button onClick=${() => tryAgain(exchange)}>${say("to.playground")}</button>`}
        ${exchange.task_id && html`<a href=${link(place, { view: "tasks", item: exchange.task_id })}>${say("to.task")}</a>`}
      </p>
      <${Violations} exchange=${exchange} />
      <${Pair} exchange=${exchange} />
      <details><summary>${say("headers")} (${exchange.headers.length})</summary>
        <dl>${exchange.headers.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
      </details>
      ${exchange.body && html`<h4>${say("request")}</h4><pre>${pretty(exchange.body)}</pre>`}
      <h4>${say("answer")} ${exchange.status || say("lost.answer")}</h4><pre>${pretty(exchange.answer)}</pre>
      ${exchange.advice && html`<p>${say("advice")}: ${exchange.advice} <${Grounds} names=${["header:X-Mock-Advice"]} /></p>`}
    </div>
  `;
}

/** Whether it asked for a task, well or not. @param {Exchange} exchange */
function isSubmit(exchange) {
  const body = exchange.method === "POST" ? json(exchange.body) : null;
  return typeof body?.model === "string" && typeof body?.input === "object";
}

/** The request as a draft of the playground, and the way there. @param {Exchange} exchange */
async function tryAgain(exchange) {
  const { handOver } = await import("../playground/handover.js");
  if (handOver(exchange)) location.hash = link(state.place, { view: "playground" });
}

/** @param {Exchange} exchange */
async function replay(exchange) {
  const kept = ["content-type", ORDER, "x-mock-script", "accept"];
  const lower = exchange.headers.map(([name, value]) => [name.toLowerCase(), value]);
  const more = Object.fromEntries(lower.filter(([name]) => kept.includes(name)));
  const body = exchange.body || undefined;
  await call(state.place.world, exchange.method, exchange.path.slice(1), body, more).catch(() => {});
  changed();
}

/** @param {string} text */
function json(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What an answer objects to, each with its place and rule. @param {{ exchange: Exchange }} given */
function Violations({ exchange }) {
  const error = json(exchange.answer)?.error;
  if (!error) return null;
  const details = Array.isArray(error.details) ? error.details : [];
  return html`
    <div class="problem"><p><code>${error.code}</code> ${error.message} <${Grounds} names=${[`code:${error.code}`]} /></p>
      <ul>${details.map((/** @type {any} */ each) => html`<li>${Object.entries(each).map(([name, value]) => html`<span>${name}: <code>${typeof value === "string" ? value : JSON.stringify(value)}</code> </span>`)}</li>`)}</ul>
    </div>
  `;
}

/** The first request under the same Idempotency-Key, and where this one differs. @param {{ exchange: Exchange }} given */
function Pair({ exchange }) {
  const key = header(exchange.headers, ORDER);
  if (!key || exchange.method !== "POST") return null;
  const first = state.journal.find((each) => each.method === "POST" && header(each.headers, ORDER) === key);
  if (!first || first === exchange) return null;
  const differences = difference(json(first.body), json(exchange.body));
  const what = exchange.status === 409 ? "pair.reused" : exchange.status === 200 ? "pair.replayed" : "pair.same";
  return html`
    <div class="pair"><h4>${say("pair", { key })}</h4><p>${say(what)} <${Grounds} names=${what === "pair.reused" ? ["code:idempotency_key_reused"] : [`header:${PLATFORM.replayed}`]} /></p>
      ${differences.length === 0 ? html`<p>${say("pair.equal")}</p>` : html`
        <table><thead><tr><th>${say("place")}</th><th>${clockTime(first.at)}</th><th>${clockTime(exchange.at)}</th></tr></thead>
          <tbody>${differences.map((each) => html`<tr><td><code>${each.pointer || "/"}</code></td><td><pre>${shown(each.one)}</pre></td><td><pre>${shown(each.other)}</pre></td></tr>`)}</tbody>
        </table>`}
    </div>
  `;
}

/** @param {unknown} value */
const shown = (value) => (value === undefined ? "–" : JSON.stringify(value, null, 2));
