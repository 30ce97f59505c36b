// The request that is being written: one value, edited by place, and everything that the form knows beside it.
import { changed, state } from "../store.js";
import { initial } from "./initial.js";
import { NotJson, read, write } from "./json.js";
import { ask } from "./requests.js";
import { own, pointer, put } from "./values.js";

/** @typedef {{ pointer: string, keyword: string, message: string }} Violation */
/** @typedef {import("./values.js").Path} Path */

/** Where the draft outlives a reload, in this tab alone; `handover.js` writes it too. */
export const KEPT = "playground";

/** Milliseconds without a key pressed until the mock is asked, and the draft is kept. */
const PAUSE = 250;

export const draft = {
  loaded: false,
  /** @type {any[]} */ models: [],
  model: "",
  /** @type {any} */ input: undefined,
  /** @type {{ text: string, problem: string } | null} */ raw: null,
  /** @type {Violation[]} */ violations: [],
  /** @type {Set<string>} */ touched: new Set(),
  tried: false,
  /** Violations that no field is there for. @type {Violation[]} */ homeless: [],
  /** @type {Map<string, any>} */ chosen: new Map(),
  /** @type {Map<string, any>} */ left: new Map(),
  /** @type {{ cost: string, currency: string, advice: string[], code: string, message: string, old: boolean }} */
  estimate: { cost: "", currency: "", advice: [], code: "", message: "", old: true },
  script: "",
  version: 0,
};

/** @type {Map<string, any>} */
const inputs = new Map();

/** @type {(() => void)[]} */
const listeners = [];

/** Be told of each edit. @param {() => void} listener */
export const onEdit = (listener) => listeners.push(listener);

export const model = () => draft.models.find((each) => each.slug === draft.model);

/** The schema of the model; anything goes where the mock has none. @returns {any} */
export const root = () => model()?.input_schema ?? true;

/** The body of the request. @param {string} [indent] */
export const body = (indent = "") => write({ model: draft.model, input: draft.input ?? {} }, indent);

/** Draw the form again, too. */
export function redraw() {
  draft.version += 1;
  changed();
}

/** How often a draft was laid out, or put away. */
let laid = 0;

/** Which draft is being written. What was begun for one is not written into another. */
export const which = () => laid;

/** How often the playground was opened or left. */
let visits = 0;

/** The models, and the draft as it was left or handed over; nothing where somebody has left again meanwhile. */
export async function open() {
  const mine = (visits += 1);
  const answer = await ask(state.place.world, "GET", "_mock/models");
  if (mine !== visits) return;
  draft.models = answer.body.models;
  const kept = remembered();
  if (kept) {
    draft.script = typeof kept.script === "string" ? kept.script : "";
    choose(kept.model, kept.input);
  } else choose(draft.model || draft.models[0]?.slug || "", draft.input);
  draft.loaded = true;
  follow();
  redraw();
}

/** The model that the address names, where it names one. */
export function follow() {
  const { item } = state.place;
  if (draft.loaded && item && item !== draft.model) choose(item);
}

/** Nothing is written any more: the draft is kept at once, before somebody else's is laid out. */
export function close() {
  visits += 1;
  laid += 1;
  clearTimeout(timer);
  asking?.abort();
  if (draft.loaded) keep();
  draft.loaded = false; // the next one is not shown before it is there
}

/** @returns {any} */
function remembered() {
  try {
    const found = read(sessionStorage.getItem(KEPT) ?? "null");
    return typeof own(found, "model") === "string" && Object.hasOwn(found, "input") ? found : null;
  } catch {
    return null; // written by another version, or by hand
  }
}

/** Write for a model: what was written for it before, or its defaults. @param {string} slug @param {any} [input] */
export function choose(slug, input = inputs.get(slug)) {
  if (draft.input !== undefined) inputs.set(draft.model, draft.input);
  draft.model = slug;
  replace(input ?? initial(root(), root()) ?? {});
}

/** Another input altogether. @param {any} input */
export function replace(input) {
  laid += 1;
  Object.assign(draft, { input, raw: null, tried: false, violations: [] });
  for (const known of [draft.touched, draft.chosen, draft.left]) known.clear();
  edited();
}

/** One place of the input; undefined takes it out. @param {Path} path @param {any} value */
export function edit(path, value) {
  draft.input = put(draft.input, path, value);
  draft.touched.add(pointer(path));
  edited();
}

/** What was chosen below a place, forgotten: its items have moved. @param {Path} path */
export function forget(path) {
  const place = pointer(path);
  for (const known of [draft.chosen, draft.left])
    for (const each of known.keys()) if (each.startsWith(`${place}/`) && !each.startsWith(`${place}/?`)) known.delete(each);
}

/** The input as the JSON editor has it; kept as text while it is none. @param {string} text */
export function type(text) {
  draft.raw = { text, problem: "" };
  try {
    draft.input = read(text);
    draft.chosen.clear();
  } catch (problem) {
    draft.raw.problem = problem instanceof NotJson ? problem.message : String(problem);
  }
  edited();
}

/** Between the form and the JSON editor; text that is no JSON stays in the editor. */
export function toggleRaw() {
  draft.raw = draft.raw ? null : { text: write(draft.input, "  "), problem: "" };
  redraw();
}

/** What becomes of the request; it is no part of what its key stands for. @param {string} script */
export function setScript(script) {
  draft.script = script;
  clearTimeout(timer);
  timer = setTimeout(settle, PAUSE);
  changed();
}

/** @type {number | undefined} */
let timer;

/** @type {AbortController | undefined} */
let asking;

export function edited() {
  draft.estimate.old = true;
  asking?.abort();
  clearTimeout(timer);
  timer = setTimeout(settle, PAUSE);
  listeners.forEach((each) => each());
  redraw();
}

async function settle() {
  keep();
  const here = (asking = new AbortController());
  try {
    const { body: told } = await ask(state.place.world, "POST", "_mock/estimate", { body: body(), signal: here.signal });
    if (!here.signal.aborted) take(told);
  } catch (problem) {
    if (!here.signal.aborted) draft.estimate = { ...draft.estimate, cost: "", message: String(problem), old: false };
  }
  redraw();
}

/** @param {any} told */
function take(told) {
  const { cost_estimate: cost, currency = "", advice = [], error } = told;
  draft.estimate = { cost: cost ?? "", currency, advice, code: error?.code ?? "", message: error?.message ?? "", old: false };
  draft.violations = error?.details ?? [];
}

/** Keep the draft for a reload; what is too long for the tab's storage is not kept. */
function keep() {
  const { model: slug, input, script } = draft;
  try {
    sessionStorage.setItem(KEPT, write({ model: slug, input, script }));
  } catch {
    sessionStorage.removeItem(KEPT);
  }
}

/** The violations at a place that may be shown: of fields that were edited, and of all after an attempt to send. @param {Path} path */
export function violationsAt(path) {
  const place = pointer(path);
  if (!draft.tried && !draft.touched.has(place)) return [];
  return draft.violations.filter((each) => each.pointer === `/input${place}`);
}

/** Find the violations that no field shows, once the fields are drawn. @param {(pointer: string) => boolean} isShown */
export function house(isShown) {
  const found = draft.tried ? draft.violations.filter((each) => draft.raw || !isShown(each.pointer)) : [];
  if (found.length === draft.homeless.length && found.every((each, at) => each === draft.homeless[at])) return;
  draft.homeless = found;
  changed();
}

/** Those at a place or anywhere below it. @param {Path} path */
export function violationsIn(path) {
  const place = `/input${pointer(path)}`;
  return draft.violations.filter((each) => each.pointer === place || each.pointer.startsWith(`${place}/`));
}
