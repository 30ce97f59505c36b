// All that the page knows, in one place; views show it, actions change it.
import { call } from "./api.js";
import { read } from "./route.js";
import * as words from "./words.js";

/** Rows of the journal, and other changes, that are kept. */
export const MOST = 2000;

/**
 * @typedef {{ at: string, status: string }} Step
 * @typedef {{ task_id: string, status: string, timeline: Step[], planned: Step[], model: string,
 *   script: string | null, input?: any, [more: string]: any }} Task
 * @typedef {{ request_id: string, at: string, method: string, path: string, status: number,
 *   headers: string[][], body: string, answer: string, ms: number, task_id: string | null,
 *   fault: string | null, plan: string | null, code: string | null, [more: string]: any }} Exchange
 */

export const state = {
  place: read(location.hash),
  connected: true,
  loaded: false,
  problem: "",
  notice: "",
  /** @type {any[]} */ worlds: [],
  /** @type {{ now: string, progress: string, speed: number, read: number } | null} */ clock: null,
  /** @type {Map<string, Task>} */ tasks: new Map(),
  /** @type {Exchange[]} */ journal: [],
  paused: false,
  /** @type {Exchange[]} */ waiting: [],
  /** @type {any} */ ledger: null,
  /** @type {any[]} */ scripts: [],
  /** @type {any[]} */ keys: [],
  /** @type {any} */ rules: null,
  /** @type {any[]} */ models: [],
  /** @type {any[]} */ deliveries: [],
  /** Streams that were cut. @type {{ at: string, task_id: string }[]} */ cuts: [],
  /** Why changed schema files were not taken over. @type {string | null} */ broken: null,
  most: MOST,
  secret: "",
  help: false,
};

let redraw = () => {};
let drawing = false;

/** @param {() => void} draw */
export function onChange(draw) {
  redraw = draw;
}

/** Draw in the next frame, once for however many changes there are until then. */
export function changed() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    redraw();
  });
}

/** The world's time now, in milliseconds: between two looks it is reckoned. */
export function now() {
  const { clock } = state;
  if (!clock) return Date.now();
  const passed = clock.progress === "time" ? (performance.now() - clock.read) * clock.speed : 0;
  return Date.parse(clock.now) + passed;
}

/** Ask the mock, and say on the page what it refuses. @param {string} method @param {string} path @param {unknown} [body] */
export async function act(method, path, body) {
  try {
    state.problem = "";
    return await call(state.place.world, method, `_mock/${path}`, body);
  } catch (refused) {
    state.problem = refused instanceof Error ? refused.message : String(refused);
    return undefined;
  } finally {
    changed();
  }
}

/** What the control plane says of the world now. @param {string} path */
export const look = (path) => call(state.place.world, "GET", `_mock/${path}`);

/** @param {any} clock */
function setClock(clock) {
  const { now, progress, speed } = clock;
  state.clock = { now, progress, speed, read: performance.now() };
}

/** How often the clock was told. */
let clocks = 0;

/** What keeps a clock that is asked for now, unless another is told before it is answered. */
export function clockKeeper() {
  const known = clocks;
  return (/** @type {any} */ clock) => {
    if (known === clocks) setClock(clock);
  };
}

/** Where our own moves have led, in milliseconds: what is told of the time before comes late. */
let led = 0;

/** The clock as it was told. @param {any} clock */
export function takeClock(clock) {
  if (Date.parse(clock.now) < led) return;
  clocks += 1;
  setClock(clock);
}

/** Time has begun anew. */
export function forgetMoves() {
  led = 0;
}

/** @type {Promise<void>} */
let moving = Promise.resolve();

/** Move the world's time. `to` is asked for what to send once all moves before it are done; null is nothing. @param {() => object | null} to */
export function moveClock(to) {
  const { world } = state.place;
  moving = moving.then(async () => {
    const body = world === state.place.world ? to() : null;
    const told = body && (await act("POST", "clock", body));
    if (!told || world !== state.place.world) return;
    takeClock(told);
    led = Date.parse(told.now);
  });
}

/** What does not change while the page is open, or only when files do. */
export async function loadRules() {
  const [rules, models] = await Promise.all([look("rules"), look("models")]);
  Object.assign(state, { rules, models: models.models });
  changed();
}

/** How often the files were looked at, and which of these looks is shown. */
const files = { looks: 0, shown: 0 };

/** The models again, and what is wrong with their files: they change when somebody saves one. */
export async function lookAtFiles() {
  const mine = (files.looks += 1);
  const [health, models] = await Promise.all([look("health"), look("models")]);
  if (mine < files.shown) return; // a later look was answered first
  files.shown = mine;
  Object.assign(state, { broken: health.schemas_problem, models: models.models });
  changed();
}

/** @param {string} text @param {string} what */
export async function copy(text, what) {
  await navigator.clipboard.writeText(text).catch(() => {});
  notify(words.say("copied", { what }));
}

/** How often something was said. */
let notices = 0;

const frame = () => new Promise(requestAnimationFrame);

/** Say something for a while, however short before something else was said, and however late it is drawn. @param {string} text */
export async function notify(text) {
  const mine = (notices += 1);
  state.notice = text;
  changed();
  await frame();
  await frame(); // it is seen from now on
  setTimeout(() => {
    if (mine !== notices) return;
    state.notice = "";
    changed();
  }, 2000);
}
