// Every request to the world's API, as it comes.
import { Component, html } from "../html.js";
import { ORDER } from "../platform.js";
import { har } from "../copies.js";
import { loadOlder, resume } from "../following.js";
import { refine } from "../places.js";
import { header } from "../show.js";
import { changed, state } from "../store.js";
import { say } from "../words.js";
import { ExchangeRow } from "./exchange.js";
import { First } from "./first.js";
import { More } from "./more.js";

/** Rows that are shown at first, and so many more each time. */
const PAGE = 200;

/** @extends {Component<{}, { shown: number }>} */
export class Journal extends Component {
  state = { shown: PAGE };

  more = () => this.setState({ shown: this.state.shown + PAGE });

  render() {
    const { query } = state.place;
    const { shown } = this.state;
    const found = state.journal.filter((each) => fits(each, query)).reverse();
    const left = found.length - shown;
    return html`
      <h2>${say("journal")}</h2>
      <${Filter} />
      ${!state.journal.length && html`<p>${say("nothing.requests")}</p><${First} />`}
      <ul class="exchanges">${found.slice(0, shown).map((each) => html`<${ExchangeRow} exchange=${each} key=${each.request_id + each.at} />`)}</ul>
      ${left > 0 && html`<${More} left=${left} page=${PAGE} more=${this.more} />`}
      ${left <= 0 && state.journal.length >= state.most && html`<p><button onClick=${loadOlder}>${say("more.load")}</button></p>`}
    `;
  }
}

/** @param {import("../store.js").Exchange} each @param {Record<string, string>} query */
function fits(each, query) {
  if (query.status && !String(each.status).startsWith(query.status)) return false;
  if (query.path && !each.path.includes(query.path)) return false;
  if (query.key && ![ORDER, "authorization"].some((name) => header(each.headers, name)?.includes(query.key))) return false;
  if (query.task && !each.task_id?.includes(query.task)) return false;
  if (!query.text) return true;
  const all = `${each.request_id} ${each.method} ${each.path} ${each.status} ${each.code} ${each.task_id} ${each.fault} ${each.plan} ${each.body} ${each.answer} ${each.headers.join(" ")}`;
  return all.toLowerCase().includes(query.text.toLowerCase());
}

function Filter() {
  const { place } = state;
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) => refine({ [name]: event.target.value });
  const field = (/** @type {string} */ name, /** @type {string} */ id = "") => html`
    <label>${say(`by.${name}`)} <input id=${id || undefined} type="search" value=${place.query[name] ?? ""} onInput=${set(name)} /></label>
  `;
  const pause = () => {
    if (state.paused) resume();
    else state.paused = true;
    changed();
  };
  return html`
    <div class="filter">
      ${field("text", "search")} ${field("path")} ${field("task")} ${field("key")}
      <label>${say("by.status")}
        <select onChange=${set("status")}>
          ${[...new Set(["", "2", "4", "5", "0", place.query.status ?? ""])].map((each) => html`<option value=${each} selected=${(place.query.status ?? "") === each}>${each === "" ? say("all") : each === "0" ? say("lost.answer") : each.length > 1 ? each : `${each}xx`}</option>`)}
        </select>
      </label>
      <button aria-pressed=${state.paused} onClick=${pause}>${state.paused ? say("resume") : say("hold")}</button>
      ${state.paused && state.waiting.length > 0 && html`<button onClick=${resume}>${say("new", { count: state.waiting.length })}</button>`}
      <a download="mock-mindvideo.har" href="#" onClick=${save}>HAR</a>
    </div>
  `;
}

/** @param {any} event */
function save(event) {
  event.preventDefault();
  const file = new Blob([har(state.journal)], { type: "application/json" });
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(file);
  anchor.download = "mock-mindvideo.har";
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
}
