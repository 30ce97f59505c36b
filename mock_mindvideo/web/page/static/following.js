// Follows a world: everything once, and each change of it from then on, whatever is answered or told first.
import { follow } from "./api.js";
import { MOST, changed, clockKeeper, forgetMoves, loadRules, look, state, takeClock } from "./store.js";

/** Tasks that are kept. */
const MOST_TASKS = 10000;

/** Tasks, and requests, that are waited for before anything is shown; the older ones come after that. */
const FIRST = 200;

/** @typedef {import("./store.js").Task} Task */
/** @typedef {import("./store.js").Exchange} Exchange */

/** What is told while everything is asked for, which the answers may not know of yet. @type {[string, any][] | null} */
let meanwhile = null;

/** How often everything was asked for: only the last answers count. */
let loads = 0;

/** Everything anew: at the start, in another world, after a gap or a reset. */
export async function load() {
  const mine = (loads += 1);
  const keepClock = clockKeeper();
  meanwhile = [];
  const [clock, worlds, tasks, requests, ledger, scripts, keys] = await Promise.all(
    ["clock", "worlds", `tasks?limit=${FIRST}`, `requests?limit=${state.paused ? state.most : FIRST}`, "ledger?limit=1000", "scripts", "keys"].map(look),
  );
  if (mine !== loads) return;
  looks.kept.clear();
  looks.old = looks.asked;
  if (!state.loaded) state.problem = "";
  keepClock(clock);
  state.tasks = new Map(tasks.tasks.map((/** @type {Task} */ task) => [task.task_id, task]));
  keepJournal(requests.requests);
  Object.assign(state, { worlds: worlds.worlds, ledger, scripts: scripts.scripts, keys: keys.keys, loaded: true });
  for (const [kind, data] of meanwhile ?? []) learn(kind, data);
  meanwhile = null;
  changed();
  if (Math.max(tasks.tasks.length, requests.requests.length) >= FIRST) await loadRest(mine);
}

/** Everything anew. What is wrong is told where nothing is shown yet; a connection that comes back asks again. */
function reload() {
  if (!state.rules) loadRules().catch(() => {});
  load().catch((problem) => {
    if (!state.loaded) state.problem = String(problem);
    changed();
  });
}

/** What tells an exchange from all others. @param {Exchange} exchange */
const nameOf = ({ request_id, at }) => request_id + at;

/** A journal that is held shows what it showed; the rest waits. @param {Exchange[]} requests */
function keepJournal(requests) {
  const shown = new Set(state.journal.map(nameOf));
  const held = state.paused && state.loaded;
  state.journal = requests.filter((each) => !held || shown.has(nameOf(each)));
  state.waiting = requests.filter((each) => held && !shown.has(nameOf(each)));
}

/** What is older than that which was waited for. @param {number} mine */
async function loadRest(mine) {
  const [tasks, requests] = await Promise.all([look(`tasks?limit=${MOST_TASKS}`), look(`requests?limit=${state.most}`)]);
  if (mine !== loads) return;
  const known = state.tasks;
  state.tasks = new Map(tasks.tasks.map((/** @type {Task} */ task) => [task.task_id, task]));
  for (const [id, task] of known) {
    const asked = state.tasks.get(id);
    if (!asked || task.timeline.length > asked.timeline.length) state.tasks.set(id, task);
  }
  state.journal = [...older(requests.requests), ...state.journal].slice(-state.most);
  changed();
}

/** Those from before all that are known, which go on to now, shown or waiting. @param {Exchange[]} requests */
function older(requests) {
  const known = new Set([...state.journal, ...state.waiting].map(nameOf));
  const first = requests.findIndex((each) => known.has(nameOf(each)));
  return first < 0 && known.size ? [] : requests.slice(0, first < 0 ? undefined : first);
}

/** Have as many older requests again as are here. */
export async function loadOlder() {
  state.most += MOST;
  await load();
}

/** Milliseconds until everything is asked for though nothing is told: there are proxies that hold streams back. */
const PATIENCE = 1000;

/** @type {AbortController | undefined} */
let following;

/** Follow the world of the place from now on. What it tells begins before anything is asked for: nothing is missed between the two. */
export function enter() {
  following?.abort();
  const here = (following = new AbortController());
  Object.assign(state, { loaded: false, tasks: new Map(), journal: [], waiting: [], cuts: [], most: MOST, secret: "" });
  loads += 1;
  forgetMoves();
  changed();
  const told = {
    change: (/** @type {string} */ kind, /** @type {any} */ data) => {
      if (!here.signal.aborted) take(kind, data);
    },
    state: (/** @type {boolean} */ connected) => {
      if (here.signal.aborted) return;
      state.connected = connected;
      if (!connected && !state.loaded) reload();
      changed();
    },
  };
  follow(state.place.world, told, here.signal);
  setTimeout(() => !here.signal.aborted && !state.loaded && reload(), PATIENCE);
}

/** What will be looked at soon, in which world. @type {Set<string>} */
const soon = new Set();

/** How often something was looked at, which of these looks is shown of each, and which are older than what all was asked for.
 * @type {{ asked: number, kept: Map<string, number>, old: number }} */
const looks = { asked: 0, kept: new Map(), old: 0 };

/** Look again soon, once for however many reasons there are until then. @param {string} path @param {(found: any) => void} keep */
function again(path, keep) {
  const { world } = state.place;
  const name = `${world} ${path}`;
  if (soon.has(name)) return;
  soon.add(name);
  setTimeout(async () => {
    soon.delete(name);
    if (world !== state.place.world) return;
    const mine = (looks.asked += 1);
    const found = await look(path).catch(() => null);
    if (!found || world !== state.place.world || mine <= (looks.kept.get(path) ?? looks.old)) return;
    looks.kept.set(path, mine);
    keep(found);
    changed();
  }, 250);
}

/** One change of the world. @param {string} kind @param {any} data */
export function take(kind, data) {
  if (kind === "reset") forgetMoves();
  if (["opened", "reset", "gap"].includes(kind)) return reload();
  if (meanwhile && meanwhile.push([kind, data]) > MOST_TASKS) meanwhile.shift();
  if (kind === "clock") takeClock(data);
  else if (kind === "cut") state.cuts = [...state.cuts, data].slice(-MOST);
  learn(kind, data);
  changed();
}

/** What a change tells; it may be known already. @param {string} kind @param {any} data */
function learn(kind, data) {
  if (kind === "request") takeRequest(data);
  else if (kind === "task") takeState(data);
  else if (kind === "script") again("scripts", (found) => (state.scripts = found.scripts));
  else if (kind === "key") again("keys", (found) => (state.keys = found.keys));
  if (kind === "ledger" || kind === "credit")
    again("ledger?limit=1000", (found) => (state.ledger = found));
  if (kind === "request") again("worlds", (found) => (state.worlds = found.worlds));
  if (kind !== "clock" && state.clock?.progress !== "time") again("clock", clockKeeper());
}

/** @param {Exchange} exchange */
function takeRequest(exchange) {
  const { request_id, at } = exchange;
  if ([state.journal, state.waiting].some((known) => known.some((each) => each.request_id === request_id && each.at === at))) return;
  const kept = state.paused ? state.waiting : state.journal;
  kept.push(exchange);
  if (kept.length > state.most) kept.splice(0, kept.length - state.most);
}

/** @param {any} told */
function takeState(told) {
  const step = { at: told.at, status: told.status };
  const known = state.tasks.get(told.task_id);
  const same = told.before !== null || known?.timeline[0]?.at === told.at; // else it is another after a reset, under the same id
  const before = known && same ? known.timeline : [];
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
    state.tasks.set(task.task_id, known && isOld(task) ? { ...task, ...known, input: task.input } : task);
  }
}

/** Whether more is known of a task than was answered. @param {Task} task */
const isOld = ({ task_id, timeline }) => (state.tasks.get(task_id)?.timeline.length ?? 0) > timeline.length;

/** Show what came while the journal was paused. */
export function resume() {
  state.paused = false;
  state.journal = [...state.journal, ...state.waiting].slice(-state.most);
  state.waiting = [];
  changed();
}

/** Have all of one task. @param {string} id */
export async function loadTask(id) {
  const mine = (looks.asked += 1);
  const [task, sent] = await Promise.all([look(`tasks/${id}`), look("deliveries?limit=10000")]);
  if (!isOld(task)) state.tasks.set(id, task);
  if (mine < (looks.kept.get("deliveries") ?? 0)) return;
  looks.kept.set("deliveries", mine);
  state.deliveries = sent.deliveries.filter((/** @type {any} */ each) => each.task_id === id);
  changed();
}
