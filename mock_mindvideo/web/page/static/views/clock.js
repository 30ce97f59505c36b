// The world's time, and what moves it.
import { html } from "../html.js";
import { instant } from "../show.js";
import { act, moveClock, now, state } from "../store.js";
import { say } from "../words.js";
import { Grounds } from "./grounds.js";

export function Clock() {
  const { clock } = state;
  if (!clock) return html`<div class="clock"></div>`;
  const at = instant(now());
  const running = clock.progress === "time";
  return html`
    <div class="clock">
      <time datetime=${at} title=${at}>${at.slice(0, 10)} <b>${at.slice(11, 21)}</b></time>
      <span class="progress">${say(`progress.${clock.progress}`)}${running && clock.speed !== 1 ? ` ×${clock.speed}` : ""}</span> <${Grounds} names=${[`progress:${clock.progress}`]} />
      <button onClick=${() => act("POST", "clock", { progress: running ? "manual" : "time" })}>
        ${running ? say("pause") : say("run")}
      </button>
      <button onClick=${() => act("POST", "clock", { advance: 1 })}>+1 s</button>
      <button onClick=${() => act("POST", "clock", { advance: 10 })}>+10 s</button>
      <button onClick=${toNext} disabled=${next() === null}>${say("next")}</button>
      <label>${say("speed")}
        <select onChange=${(/** @type {any} */ event) => act("POST", "clock", { speed: Number(event.target.value) })}>
          ${speeds(clock.speed).map((each) => html`<option value=${each} selected=${each === clock.speed}>×${each}</option>`)}
        </select>
      </label>
    </div>
  `;
}

/** @param {number} speed */
const speeds = (speed) => [...new Set([0.1, 1, 2, 5, 10, 60, 600, speed])].sort((a, b) => a - b);

/** When the next task enters a state by itself, in milliseconds. */
export function next() {
  let first = Infinity;
  const at = now();
  for (const { planned = [] } of state.tasks.values()) {
    const due = planned.map((each) => Date.parse(each.at)).find((each) => each > at); // what is due may not be told yet
    if (due !== undefined && due < first) first = due;
  }
  return first === Infinity ? null : first;
}

/** Two clicks are two events, however fast: each is counted from where the one before led to. */
const toNext = () =>
  moveClock(() => {
    const due = next();
    return due === null ? null : { advance: Math.max(0.001, (due - now()) / 1000) };
  });
