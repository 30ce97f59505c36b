// Send the draft, and follow its task: by polling or by stream, each request and event written down.
import { ROOT, authorization, keyOf } from "../api.js";
import { PLATFORM, eventsPath, taskPath } from "../platform.js";
import { events } from "../sse.js";
import { changed, state } from "../store.js";
import { body, draft, onEdit, redraw } from "./draft.js";
import { ask } from "./requests.js";
import { say } from "../words.js";
import { own } from "./values.js";

/** Seconds between two polls, and before a stream is opened again, unless the mock asks for more. */
const INTERVAL = 1;

/** Lines of the trail that are kept. */
const MOST = 300;

/** @typedef {{ at: number, kind: "request" | "event" | "lost", text: string, status: string, ms: number | null }} Line */

export const order = {
  key: newKey(),
  ownKey: false,
  used: false,
  /** @type {"poll" | "stream"} */ way: "poll",
  sending: false,
  following: false,
  followed: false,
  /** @type {Line[]} */ trail: [],
  /** @type {any} */ task: null,
  /** @type {{ status: number | null, code: string, message: string } | null} `status` 0: no answer; null: not sent */ refusal: null,
  replayed: false,
  world: "",
  model: "",
  seen: "",
};

/** A key that was used stands for what was sent with it: a draft that changes has another one. */
onEdit(() => {
  if (order.used && !order.ownKey) renewKey();
  if (order.model !== draft.model) order.refusal = null;
});

function newKey() {
  return `play-${crypto.getRandomValues(new Uint32Array(3)).reduce((text, each) => text + each.toString(36).padStart(7, "0"), "")}`;
}

export function renewKey() {
  Object.assign(order, { key: newKey(), ownKey: false, used: false });
  changed();
}

/** @param {string} key */
export function setKey(key) {
  Object.assign(order, { key, ownKey: true, used: false });
  changed();
}

/** The headers of a submit, but the API key. @returns {Record<string, string>} */
export function headers() {
  const script = draft.script.trim();
  return {
    "Content-Type": "application/json",
    ...(order.key && { [PLATFORM.idempotencyKey]: order.key }),
    ...(script && { "X-Mock-Script": script }),
  };
}

/** @type {AbortController | undefined} */
let here;

export function stop() {
  here?.abort();
  order.sending = order.following = order.followed = false;
  changed();
}

/** @param {"poll" | "stream"} way */
export function setWay(way) {
  order.way = way;
  if (order.following) goOn();
  changed();
}

/** Whether somebody looks. */
let looked = false;

/** Follow the task that has not ended, after a rest or in another way. */
export function goOn() {
  looked = true;
  if (!order.task || ended() || !order.followed) return;
  here?.abort();
  here = new AbortController();
  follow(order.task.task_id, here);
}

/** Ask nothing while nobody looks; `goOn` follows again. */
export function rest() {
  looked = false;
  if (!order.sending) here?.abort();
  order.following = false;
}

/** What cannot stand in a header. */
const UNSENDABLE = /[^ -~]/;

/** The first header that a browser would not send. */
const unsendable = () => Object.entries(headers()).find(([, value]) => UNSENDABLE.test(value))?.[0];

export async function send() {
  stop();
  const name = unsendable();
  if (name) {
    order.refusal = { status: null, code: "", message: say("pg.header", { name }) };
    return changed();
  }
  const mine = (here = new AbortController());
  Object.assign(order, { sending: true, refusal: null, task: null, trail: [], replayed: false, used: true, seen: "", world: state.place.world, model: draft.model });
  changed();
  const written = body();
  const sent = await tried("POST", PLATFORM.submit, { body: written, headers: headers() }, mine.signal);
  if (mine.signal.aborted) return;
  order.sending = false;
  if (sent && sent.status === 200) accepted(sent, mine);
  else refused(sent, written);
  redraw();
}

/** @param {import("./requests.js").Answer} answer @param {AbortController} mine */
function accepted(answer, mine) {
  order.task = answer.body;
  order.replayed = answer.headers.get(PLATFORM.replayed) === "true";
  order.followed = true;
  if (looked) follow(answer.body.task_id, mine);
}

/** What is wrong is told of a draft that is as it was sent. @param {import("./requests.js").Answer | null} answer @param {string} written */
function refused(answer, written) {
  const error = own(answer?.body, "error");
  order.refusal = {
    status: answer?.status ?? 0,
    code: own(error, "code") ?? "",
    message: own(error, "message") ?? "",
  };
  draft.tried = true;
  if (Array.isArray(own(error, "details")) && written === body()) draft.violations = error.details;
  requestAnimationFrame(() => requestAnimationFrame(focusFirst));
}

/** To the first field that is wrong; else to what is said of the whole. */
function focusFirst() {
  const order = ['[aria-invalid="true"]', "ul.wrong[tabindex]", ".refusal"];
  const found = order.map((each) => document.querySelector(`.playground ${each}`)).find(Boolean);
  if (found instanceof HTMLElement) found.focus();
}

/** An answer, written down; null where it was lost. @param {string} method @param {string} path
 * @param {Parameters<typeof ask>[3]} given @param {AbortSignal} signal */
async function tried(method, path, given, signal) {
  try {
    const answer = await ask(order.world, method, path, { ...given, signal });
    const status = own(answer.body, "status");
    note("request", `${method} /${path}`, `${answer.status} ${status ?? own(own(answer.body, "error"), "code") ?? ""}`, answer.ms);
    return answer;
  } catch {
    if (!signal.aborted) note("lost", `${method} /${path}`, "", null);
    return null;
  }
}

/** @param {Line["kind"]} kind @param {string} text @param {string} status @param {number | null} ms */
function note(kind, text, status, ms) {
  order.trail = [...order.trail, { at: Date.now(), kind, text, status, ms }].slice(-MOST);
  changed();
}

/** Until the task has ended. @param {string} id @param {AbortController} mine */
async function follow(id, mine) {
  order.following = order.followed = true;
  const { signal } = mine;
  while (!signal.aborted && !ended()) {
    const wait = order.way === "poll" ? await poll(id, signal) : await stream(id, signal);
    if (!ended()) await pause(wait, signal);
  }
  if (!signal.aborted) order.following = false;
  changed();
}

const ended = () => ["succeeded", "failed", "cancelled"].includes(order.task?.status);

/** @param {number} seconds @param {AbortSignal} signal */
const pause = (seconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal.addEventListener("abort", () => resolve(clearTimeout(timer)), { once: true });
  });

/** @param {string} id @param {AbortSignal} signal */
async function poll(id, signal) {
  await pause(INTERVAL, signal);
  if (signal.aborted) return 0;
  const answer = await tried("GET", taskPath(id), {}, signal);
  if (answer?.status === 200) order.task = answer.body;
  return Number(answer?.headers.get("Retry-After") ?? 0);
}


/** @param {string} id @param {AbortSignal} signal */
async function stream(id, signal) {
  const path = eventsPath(id);
  const last = order.seen;
  const began = performance.now();
  try {
    const given = { Authorization: authorization(keyOf(order.world)), Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) };
    const answer = await fetch(new URL(path, ROOT), { headers: given, signal });
    note("request", `GET /${path}`, `${answer.status}${last ? ` Last-Event-ID: ${last}` : ""}`, performance.now() - began);
    if (answer.status !== 200 || !answer.body) return await shown(id, Number(answer.headers.get("Retry-After") ?? INTERVAL), signal);
    for await (const event of events(answer.body)) {
      if (signal.aborted) return 0;
      if (event.data) take(event);
    }
  } catch {
    if (!signal.aborted) note("lost", `GET /${path}`, "", null);
  }
  return INTERVAL;
}

/** Where a stream has nothing more to tell, the task itself does. @param {string} id @param {number} wait @param {AbortSignal} signal */
async function shown(id, wait, signal) {
  const answer = await tried("GET", taskPath(id), {}, signal);
  if (answer?.status === 200) order.task = answer.body;
  return wait;
}

/** @param {{ id: string, kind: string, data: string }} event */
function take(event) {
  if (event.id) order.seen = event.id; // a stream that breaks off goes on after it
  try {
    const { task } = JSON.parse(event.data);
    order.task = task;
    note("event", `${event.id} ${event.kind}`, task.status, null);
  } catch {
    note("event", `${event.id} ${event.kind}`, event.data.slice(0, 80), null);
  }
}
