// The value that a field begins with: defaults in place, what is required made, nothing else invented.
import { fits, itemSchema } from "./judge.js";
import { offered, typesOf } from "./shapes.js";
import { plain } from "./merge.js";
import { isObject, own } from "./values.js";

/** Schemas around schemas that are followed. */
const DEEPEST = 40;

/** @param {any} schema @param {any} root @param {any[]} [around] the schemas around it: one that requires itself has no end
 * @returns {any} undefined where nobody says what it is */
export function initial(schema, root, around = []) {
  if (around.includes(schema) || around.length > DEEPEST) return undefined;
  const outer = [...around, schema];
  const found = plain(schema, undefined, root);
  const chosen = offered(found, root);
  const set = own(found.schema, "default");
  if (set !== undefined) return set;
  if (chosen) return initial(withBranch(found, chosen, 0, root), root, outer);
  return made(found.schema, root, outer);
}

/** The schema as it is in one branch of one of its choices; the other choices stay open.
 * @param {import("./merge.js").Plain} found @param {import("./merge.js").Choice} chosen @param {number} branch @param {any} root */
export function withBranch({ schema, choices }, chosen, branch, root) {
  const rest = choices.filter((each) => each !== chosen).map(({ word, branches }) => ({ [word]: branches }));
  const inner = chosen.branches[branch];
  const { default: set, ...bare } = schema;
  return { ...bare, ...(set !== undefined && fits(inner, set, root) && { default: set }), allOf: [...rest, inner] };
}

/** @param {any} schema @param {any} root @param {any[]} outer */
function made(schema, root, outer) {
  const fixed = own(schema, "const");
  if (fixed !== undefined) return fixed;
  const listed = own(schema, "enum");
  if (Array.isArray(listed)) return listed.length === 1 ? listed[0] : undefined;
  const [type] = typesOf(schema);
  if (type === "object") return object(schema, root, outer);
  if (type === "array") return array(schema, root, outer);
  if (type === "null") return null;
  return type === "boolean" ? false : undefined;
}

/** @param {any} schema @param {any} root @param {any[]} outer */
function object(schema, root, outer) {
  const { properties = {}, required = [] } = schema;
  const names = [...new Set([...Object.keys(properties), ...required])];
  const members = names.flatMap((name) => {
    const inner = own(properties, name) ?? true;
    const value = required.includes(name) ? initial(inner, root, outer) : preset(inner, root);
    return value === undefined ? [] : [[name, value]];
  });
  const value = Object.fromEntries(members);
  return conditional(schema, value, root, outer);
}

/** What the conditions of a schema add once the first members are there. @param {any} schema @param {any} value @param {any} root @param {any[]} outer */
function conditional(schema, value, root, outer) {
  const then = plain(schema, value, root).schema;
  const { properties = {}, required = [] } = then;
  for (const name of Object.keys(properties)) {
    if (Object.hasOwn(value, name)) continue;
    const more = required.includes(name) ? initial(properties[name], root, outer) : preset(properties[name], root);
    if (more !== undefined) value = { ...value, [name]: more };
  }
  return value;
}

/** The default of a value that may be missing. @param {any} schema @param {any} root */
const preset = (schema, root) => own(plain(schema, undefined, root).schema, "default");

/** @param {any} schema @param {any} root @param {any[]} outer */
function array(schema, root, outer) {
  const least = Math.min(Number(own(schema, "minItems") ?? 0), 50);
  return Array.from({ length: least }, (_, index) => initial(itemSchema(schema, index), root, outer) ?? null);
}

/** A value where there has to be one, such as a new item. @param {any} schema @param {any} root @returns {any} */
export function filled(schema, root) {
  const value = initial(schema, root);
  if (value !== undefined) return value;
  const found = plain(schema, undefined, root);
  const chosen = offered(found, root);
  if (chosen) return filled(chosen.branches[0], root);
  const listed = own(found.schema, "enum");
  if (Array.isArray(listed) && listed.length) return listed[0];
  return blank(typesOf(found.schema)[0], own(found.schema, "minimum"));
}

/** @param {string | undefined} type @param {any} [least] @returns {any} */
export function blank(type, least) {
  if (type === "string") return "";
  if (type === "number" || type === "integer") return Number(least) > 0 ? least : 0;
  if (type === "object") return {};
  return type === "array" ? [] : type === "boolean" ? false : null;
}

/** What is left of a value in another branch: all of it if it fits, the members that do, and what is missing.
 * @param {any} value @param {any} schema @param {any} root */
export function adapted(value, schema, root) {
  if (value !== undefined && fits(schema, value, root)) return value;
  const fresh = initial(schema, root);
  if (!isObject(value) || !isObject(fresh)) return fresh;
  const { properties = {} } = plain(schema, value, root).schema;
  const kept = Object.entries(value).filter(([name, each]) => Object.hasOwn(properties, name) && fits(properties[name], each, root));
  return { ...fresh, ...Object.fromEntries(kept) };
}
