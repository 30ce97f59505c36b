// All tasks of the world, each with its lane.
import { html } from "../html.js";
import { refine } from "../places.js";
import { link } from "../route.js";
import { now, state } from "../store.js";
import { say } from "../words.js";
import { AxisBar } from "./axis.js";
import { First } from "./first.js";
import { Lane } from "./lane.js";
import { Rows } from "./rows.js";

const STATES = ["queued", "processing", "succeeded", "failed", "cancelled"];

/** Tasks beyond which they are shown in groups. */
const GROUPED = 2000;

/** Seconds that the axis shows. */
const ZOOMS = { "30": 30, "120": 120, "600": 600, "3600": 3600 };

export function Tasks() {
  const { query } = state.place;
  const all = [...state.tasks.values()].reverse();
  if (!all.length) return html`<${Nothing} />`;
  const found = all.filter((task) => fits(task, query));
  const grouped = found.length > GROUPED && !query.status;
  return html`
    <h2>${say("tasks")}</h2>
    <${Filter} all=${all} />
    ${grouped ? html`<${Groups} found=${found} />` : html`<${List} found=${found} />`}
  `;
}

/** @param {import("../store.js").Task} task @param {Record<string, string>} query */
function fits(task, query) {
  if (query.status && task.status !== query.status) return false;
  if (!query.text) return true;
  const text = `${task.task_id} ${task.model} ${task.script ?? ""} ${task.idempotency_key ?? ""} ${task.input?.prompt ?? ""}`;
  return text.toLowerCase().includes(query.text.toLowerCase());
}

/** @param {{ all: import("../store.js").Task[] }} given */
function Filter({ all }) {
  const { place } = state;
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { status } of all) counts[status] = (counts[status] ?? 0) + 1;
  const to = (/** @type {string} */ status) => link(place, { query: { ...place.query, status } });
  return html`
    <div class="filter">
      <label class="hidden" for="search">${say("search")}</label>
      <input id="search" type="search" placeholder=${`${say("search")}  /`} value=${place.query.text ?? ""}
        onInput=${(/** @type {any} */ event) => refine({ text: event.target.value })} />
      <a href=${to("")} aria-current=${!place.query.status ? "true" : undefined}>${say("all")} ${all.length}</a>
      ${STATES.map((status) => html`<a href=${to(status)} aria-current=${place.query.status === status ? "true" : undefined}><i class=${`dot ${status}`}></i>${say(`status.${status}`)} ${counts[status] ?? 0}</a>`)}
      <label>${say("axis")}
        <select onChange=${(/** @type {any} */ event) => refine({ axis: event.target.value, from: "", to: "" })}>
          <option value="">${say("axis.all")}</option>
          ${Object.keys(ZOOMS).map((each) => html`<option value=${each} selected=${place.query.axis === each}>${each} s</option>`)}
        </select>
      </label>
    </div>
  `;
}

/** @param {import("../store.js").Task[]} tasks */
function axisOf(tasks) {
  const at = now();
  const { from: first, to: last } = state.place.query;
  if (Number(last) > Number(first)) return { from: Number(first), to: Number(last), now: at };
  const zoom = ZOOMS[/** @type {keyof typeof ZOOMS} */ (state.place.query.axis)];
  if (zoom) return { from: at - zoom * 800, to: at + zoom * 200, now: at };
  let [from, to] = [at, at + 1000];
  for (const task of tasks) {
    const last = task.planned?.at(-1) ?? task.timeline.at(-1);
    from = Math.min(from, Date.parse(task.timeline[0].at));
    if (last) to = Math.max(to, Date.parse(last.at));
  }
  const room = (to - from) * 0.03;
  return { from: from - room, to: to + room, now: at };
}

/** @param {{ found: import("../store.js").Task[] }} given */
function List({ found }) {
  const axis = axisOf(found);
  const marks = marksOf();
  const row = (/** @type {import("../store.js").Task} */ task) => html`
    <a class="task" role="listitem" data-row key=${task.task_id} href=${link(state.place, { item: task.task_id })}>
      <span class=${`status ${task.status}`}>${say(`status.${task.status}`)}</span>
      <code title=${task.task_id}>${task.task_id.replace("task_", "").slice(0, 8)}</code>
      <span class="prompt">${task.input?.prompt ?? task.model}</span>
      <${Lane} task=${task} axis=${axis} marks=${marks.get(task.task_id)} />
    </a>
  `;
  return html`<${AxisBar} axis=${axis} /><${Rows} items=${found} height=${36} row=${row} label=${say("tasks")} />`;
}

/** What disturbed the clients of each task: retries, replays, lost answers, streams that were cut. */
export function marksOf() {
  /** @type {Map<string, { at: string, what: string }[]>} */
  const marks = new Map();
  /** @type {Set<string>} */
  const made = new Set();
  for (const each of state.journal) {
    if (!each.task_id) continue;
    const submit = each.method === "POST";
    const replay = submit && made.has(each.task_id);
    if (submit) made.add(each.task_id);
    const what = each.status === 0 ? "lost" : replay ? "replay" : /\bcut=/.test(each.fault ?? "") ? "cut" : each.status >= 429 ? "retry" : null;
    if (what) marks.set(each.task_id, [...(marks.get(each.task_id) ?? []), { at: each.at, what }]);
  }
  for (const { at, task_id } of state.cuts) marks.set(task_id, [...(marks.get(task_id) ?? []), { at, what: "cut" }]);
  return marks;
}

/** @param {{ found: import("../store.js").Task[] }} given */
function Groups({ found }) {
  const groups = STATES.map((status) => ({ status, tasks: found.filter((task) => task.status === status) }));
  return html`
    <p>${say("grouped", { count: found.length })}</p>
    <ul class="groups">
      ${groups.filter((group) => group.tasks.length).map((group) => html`
        <li><a data-row href=${link(state.place, { query: { ...state.place.query, status: group.status } })}>
          <span class=${`status ${group.status}`}>${say(`status.${group.status}`)}</span> ${group.tasks.length}
        </a></li>
      `)}
    </ul>
  `;
}

function Nothing() {
  return html`<h2>${say("tasks")}</h2><p>${say("nothing.tasks")}</p><${First} id="first" />`;
}
