// The axis of time above the lanes: where it is, and ways to look closer, elsewhere, or at everything.
import { html } from "../html.js";
import { refine } from "../places.js";
import { read } from "../route.js";
import { clockTime, instant } from "../show.js";
import { say } from "../words.js";

/** Milliseconds between two ticks: the first of these that leaves room for the labels. */
const STEPS = [10, 20, 50, 100, 200, 500, ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400, 604800, 2592000, 31536000].map((each) => each * 1000)];

/** Ticks at most. */
const MOST = 7;

/** @typedef {import("./lane.js").Axis} Axis */

/** Show that part of time, in milliseconds; all of it without. @param {number} [from] @param {number} [to] */
function look(from, to) {
  const place = from === undefined || to === undefined ? {} : { from: String(Math.round(from)), to: String(Math.round(Math.max(to, from + 20))) };
  refine({ axis: "", from: "", to: "", ...place });
}

/** What is shown, or will be at the next frame: two steps can be asked for before one is drawn. @param {Axis} drawn @returns {Axis} */
function shown(drawn) {
  const { from, to } = read(location.hash).query;
  return Number(to) > Number(from) ? { ...drawn, from: Number(from), to: Number(to) } : drawn;
}

/** Closer to the moment that is at `share` of the axis, or further away. @param {Axis} axis @param {number} factor @param {number} [share] */
function zoom({ from, to }, factor, share = 0.5) {
  const at = from + (to - from) * share;
  look(at - (at - from) * factor, at + (to - at) * factor);
}

/** @param {Axis} axis @param {number} share of its length */
const move = ({ from, to }, share) => look(from + (to - from) * share, to + (to - from) * share);

/** @param {Axis} axis */
export function ticks({ from, to }) {
  const step = STEPS.find((each) => (to - from) / each <= MOST) ?? (to - from) / MOST;
  const first = Math.ceil(from / step) * step;
  const count = Math.max(0, Math.floor((to - first) / step) + 1);
  return Array.from({ length: count }, (_, index) => first + index * step);
}

/** @param {{ axis: Axis }} given */
export function AxisBar({ axis }) {
  const button = (/** @type {string} */ sign, /** @type {string} */ word, /** @type {() => void} */ act) => html`<button class="plain" title=${say(word)} aria-label=${say(word)} onClick=${act}>${sign}</button>`;
  const place = (/** @type {number} */ at) => ({ left: `${((at - axis.from) / (axis.to - axis.from)) * 100}%` });
  return html`
    <div class="axis">
      <span class="buttons">
        ${button("−", "zoom.out", () => zoom(shown(axis), 2))} ${button("+", "zoom.in", () => zoom(shown(axis), 0.5))}
        ${button("‹", "zoom.earlier", () => move(shown(axis), -0.5))} ${button("›", "zoom.later", () => move(shown(axis), 0.5))}
        ${button("⤢", "zoom.fit", () => look())}
      </span>
      <span class="ticks" onWheel=${(/** @type {WheelEvent} */ event) => wheel(event, axis)} onPointerDown=${(/** @type {PointerEvent} */ event) => drag(event, shown(axis))}>
        ${ticks(axis).map((at) => html`<i key=${at} style=${place(at)}>${clockTime(instant(at))}</i>`)}
      </span>
    </div>
  `;
}

/** @param {WheelEvent} event @param {Axis} axis */
function wheel(event, axis) {
  event.preventDefault();
  const box = /** @type {HTMLElement} */ (event.currentTarget).getBoundingClientRect();
  zoom(shown(axis), event.deltaY > 0 ? 1.25 : 0.8, (event.clientX - box.left) / box.width);
}

/** Drag the axis along. @param {PointerEvent} event @param {Axis} axis */
function drag(event, axis) {
  const bar = /** @type {HTMLElement} */ (event.currentTarget);
  const { width } = bar.getBoundingClientRect();
  bar.setPointerCapture(event.pointerId);
  bar.onpointermove = (moved) => move(axis, (event.clientX - moved.clientX) / width);
  bar.onpointerup = bar.onpointercancel = () => {
    bar.onpointermove = null;
  };
}
