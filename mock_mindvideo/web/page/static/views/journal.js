// Every request to the world's API, as it comes.
import { html } from "../html.js";
import { har } from "../copies.js";
import { link } from "../route.js";
import { header } from "../show.js";
import { changed, resume, state } from "../store.js";
import { say } from "../words.js";
import { ExchangeRow } from "./exchange.js";

/** Rows that are on the page at once. */
const SHOWN = 200;

export function Journal() {
  const { query } = state.place;
  const found = state.journal.filter((each) => fits(each, query)).reverse();
  return html`
    <h2>${say("journal")}</h2>
    <${Filter} />
    ${!state.journal.length && html`<p>${say("nothing.requests")}</p>`}
    <ul class="exchanges">${found.slice(0, SHOWN).map((each) => html`<${ExchangeRow} exchange=${each} key=${each.request_id + each.at} />`)}</ul>
    ${found.length > SHOWN && html`<p>${say("more", { count: found.length - SHOWN })}</p>`}
  `;
}

/** @param {import("../store.js").Exchange} each @param {Record<string, string>} query */
function fits(each, query) {
  if (query.status && !String(each.status).startsWith(query.status)) return false;
  if (query.path && !each.path.includes(query.path)) return false;
  if (query.key && header(each.headers, "idempotency-key") !== query.key) return false;
  if (query.task && each.task_id !== query.task) return false;
  if (!query.text) return true;
  const all = `${each.request_id} ${each.method} ${each.path} ${each.status} ${each.code} ${each.task_id} ${each.fault} ${each.plan} ${each.body} ${each.answer} ${each.headers.join(" ")}`;
  return all.toLowerCase().includes(query.text.toLowerCase());
}

function Filter() {
  const { place } = state;
  const set = (/** @type {string} */ name) => (/** @type {any} */ event) =>
    location.replace(link(place, { query: { ...place.query, [name]: event.target.value } }));
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
