// All that the page knows, in one place; views show it, actions change it.
import { call, follow } from "./api.js";
import { read } from "./route.js";
import * as words from "./words.js";

/** Rows of the journal, and other changes, that are kept, and tasks. */
const MOST = 2000;
const MOST_TASKS = 10000;

/** Tasks, and requests, that are waited for before anything is shown; the older ones come after that. */
const FIRST = 200;

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

/** @param {string} path */
const look = (path) => call(state.place.world, "GET", `_mock/${path}`);

/** @param {any} clock */
function setClock(clock) {
  const { now, progress, speed } = clock;
  state.clock = { now, progress, speed, read: performance.now() };
}

/** Everything anew: at the start, in another world, after a gap or a reset. */
export async function load() {
  const { world } = state.place;
  const [clock, worlds, tasks, requests, ledger, scripts, keys] = await Promise.all(
    ["clock", "worlds", `tasks?limit=${FIRST}`, `requests?limit=${FIRST}`, "ledger?limit=1000", "scripts", "keys"].map(look),
  );
  if (world !== state.place.world) return;
  setClock(clock);
  state.tasks = new Map(tasks.tasks.map((/** @type {Task} */ task) => [task.task_id, task]));
  Object.assign(state, { worlds: worlds.worlds, journal: requests.requests, waiting: [] });
  Object.assign(state, { ledger, scripts: scripts.scripts, keys: keys.keys, loaded: true });
  changed();
  if (Math.max(tasks.tasks.length, requests.requests.length) >= FIRST) await loadRest(world);
}

/** What is older than that which was waited for. @param {string} world */
async function loadRest(world) {
  const [tasks, requests] = await Promise.all([look(`tasks?limit=${MOST_TASKS}`), look(`requests?limit=${state.most}`)]);
  if (world !== state.place.world) return;
  const known = state.tasks;
  state.tasks = new Map(tasks.tasks.map((/** @type {Task} */ task) => [task.task_id, task]));
  for (const [id, task] of known) {
    const asked = state.tasks.get(id);
    if (!asked || task.timeline.length > asked.timeline.length) state.tasks.set(id, task);
  }
  const ids = new Set(requests.requests.map((/** @type {Exchange} */ each) => each.request_id));
  const since = state.journal.filter((each) => !ids.has(each.request_id));
  state.journal = [...requests.requests, ...since.slice(-FIRST)].slice(-state.most);
  changed();
}

/** What does not change while the page is open, or only when files do. */
export async function loadRules() {
  const [rules, models] = await Promise.all([look("rules"), look("models")]);
  Object.assign(state, { rules, models: models.models });
  changed();
}

/** Have as many older requests again as are here. */
export async function loadOlder() {
  state.most += MOST;
  await load();
}

/** The models again, and what is wrong with their files: they change when somebody saves one. */
export async function lookAtFiles() {
  const [health, models] = await Promise.all([look("health"), look("models")]);
  Object.assign(state, { broken: health.schemas_problem, models: models.models });
  changed();
}

/** @type {AbortController | undefined} */
let following;

/** Follow the world of the place from now on. */
export async function enter() {
  following?.abort();
  const here = (following = new AbortController());
  Object.assign(state, { loaded: false, tasks: new Map(), journal: [], waiting: [], cuts: [], most: MOST, secret: "" });
  changed();
  const told = {
    change: (/** @type {string} */ kind, /** @type {any} */ data) => {
      if (!here.signal.aborted) take(kind, data);
    },
    state: (/** @type {boolean} */ connected) => {
      if (here.signal.aborted) return;
      const back = connected && !state.connected;
      state.connected = connected;
      if (back) load().catch(() => {});
      changed();
    },
  };
  follow(state.place.world, told, here.signal);
  await load().catch((problem) => {
    state.problem = String(problem);
    changed();
  });
}

/** @type {Map<string, number>} */
const soon = new Map();

/** Look again soon, once for however many reasons there are until then. @param {string} path @param {(found: any) => void} keep */
function again(path, keep) {
  if (soon.has(path)) return;
  const { world } = state.place;
  const timer = setTimeout(async () => {
    soon.delete(path);
    const found = await look(path).catch(() => null);
    if (found && world === state.place.world) keep(found);
    changed();
  }, 250);
  soon.set(path, timer);
}

/** How often the clock was told: what was asked before that is older. */
let clocks = 0;

/** One change of the world. @param {string} kind @param {any} data */
export function take(kind, data) {
  if (kind === "opened" || kind === "clock") {
    clocks += 1;
    setClock(data);
  }
  if (kind === "request") takeRequest(data);
  else if (kind === "cut") state.cuts = [...state.cuts, data].slice(-MOST);
  else if (kind === "task") takeState(data);
  else if (kind === "reset" || kind === "gap") load().catch(() => {});
  else if (kind === "script") again("scripts", (found) => (state.scripts = found.scripts));
  else if (kind === "key") again("keys", (found) => (state.keys = found.keys));
  if (kind === "ledger" || kind === "credit")
    again("ledger?limit=1000", (found) => (state.ledger = found));
  if (kind === "request") again("worlds", (found) => (state.worlds = found.worlds));
  if (kind !== "clock" && state.clock?.progress !== "time") {
    const known = clocks;
    again("clock", (found) => known === clocks && setClock(found));
  }
  changed();
}

/** @param {Exchange} exchange */
function takeRequest(exchange) {
  if (state.journal.some((each) => each.request_id === exchange.request_id && each.at === exchange.at)) return;
  const kept = state.paused ? state.waiting : state.journal;
  kept.push(exchange);
  if (kept.length > state.most) kept.splice(0, kept.length - state.most);
}

/** @param {any} told */
function takeState(told) {
  const step = { at: told.at, status: told.status };
  const known = state.tasks.get(told.task_id);
  const before = known && told.before !== null ? known.timeline : [];
  if (before.some((each) => each.status === told.status)) return;
  const timeline = [...before, step];
  const task = { ...known, ...told, timeline, planned: told.planned };
  state.tasks.set(told.task_id, task);
  if (state.tasks.size > MOST_TASKS) state.tasks.delete(state.tasks.keys().next().value ?? "");
  if (task.input === undefined) again("tasks?limit=200", takeTasks);
}

/** What a change does not tell of new tasks. @param {{ tasks: Task[] }} found */
function takeTasks(found) {
  for (const task of found.tasks) {
    const known = state.tasks.get(task.task_id);
    const newer = known && known.timeline.length > task.timeline.length;
    state.tasks.set(task.task_id, newer ? { ...task, ...known, input: task.input } : task);
  }
}

/** Show what came while the journal was paused. */
export function resume() {
  state.paused = false;
  state.journal = [...state.journal, ...state.waiting].slice(-state.most);
  state.waiting = [];
  changed();
}

/** Have all of one task. @param {string} id */
export async function loadTask(id) {
  const [task, sent] = await Promise.all([look(`tasks/${id}`), look("deliveries?limit=10000")]);
  state.tasks.set(id, task);
  state.deliveries = sent.deliveries.filter((/** @type {any} */ each) => each.task_id === id);
  changed();
}

/** @param {string} text @param {string} what */
export async function copy(text, what) {
  await navigator.clipboard.writeText(text).catch(() => {});
  notify(words.say("copied", { what }));
}

/** Say something for a while. @param {string} text */
export function notify(text) {
  state.notice = text;
  changed();
  setTimeout(() => {
    state.notice = "";
    changed();
  }, 2000);
}
