// A task on the world's time axis: a bar for each state it was in, hatched where it is only planned.
import { html } from "../html.js";
import { clockTime, span } from "../show.js";
import { say } from "../words.js";

/** What a lane shows from and to, in milliseconds. @typedef {{ from: number, to: number, now: number }} Axis */

/** @typedef {import("../store.js").Step} Step */

/**
 * @param {{ task: import("../store.js").Task, axis: Axis, marks?: { at: string, what: string }[] }} given
 */
export function Lane({ task, axis, marks = [] }) {
  const steps = [...task.timeline, ...(task.planned ?? [])];
  return html`
    <span class="lane" role="img" aria-label=${spoken(steps)}>
      ${steps.map((_, index) => bars(steps, index, task.timeline.length, axis))}
      ${marks.map((mark) => html`<i class=${`mark ${mark.what}`} title=${`${say(`mark.${mark.what}`)} ${clockTime(mark.at)}`} style=${{ left: place(Date.parse(mark.at), axis) }}></i>`)}
      <i class="now" style=${{ left: place(axis.now, axis) }}></i>
    </span>
  `;
}

/** @param {number} at @param {Axis} axis from 0 to 100 */
function percent(at, { from, to }) {
  return Math.max(0, Math.min(100, ((at - from) / Math.max(1, to - from)) * 100));
}

/** @param {number} at @param {Axis} axis */
const place = (at, axis) => `${percent(at, axis)}%`;

/** One state: what of it was, and what of it is planned. @param {Step[]} steps @param {number} index @param {number} reached @param {Axis} axis */
function bars(steps, index, reached, axis) {
  const { at, status } = steps[index];
  const begin = Date.parse(at);
  const title = `${say(`status.${status}`)} ${clockTime(at)}`;
  if (ended(status)) {
    const planned = index >= reached ? "planned" : "";
    return html`<i class=${`end ${status} ${planned}`} title=${title} style=${{ left: place(begin, axis) }}></i>`;
  }
  const end = steps[index + 1] ? Date.parse(steps[index + 1].at) : axis.to;
  const until = index >= reached ? begin : index === reached - 1 ? Math.min(end, axis.now) : end;
  return [bar(status, title, begin, until, axis), bar(`${status} planned`, title, until, end, axis)];
}

/** @param {string} name @param {string} title @param {number} from @param {number} to @param {Axis} axis */
function bar(name, title, from, to, axis) {
  const left = percent(from, axis);
  const width = percent(to, axis) - left;
  if (width <= 0) return null;
  return html`<i class=${name} title=${title} style=${{ left: `${left}%`, width: `${width}%` }}></i>`;
}

/** @param {string} status */
export const ended = (status) => ["succeeded", "failed", "cancelled"].includes(status);

/** @param {Step[]} steps */
function spoken(steps) {
  const begin = Date.parse(steps[0].at);
  return steps.map((step) => `${say(`status.${step.status}`)} ${span(Date.parse(step.at) - begin)}`).join(", ");
}
