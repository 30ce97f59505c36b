// Whether a value fits a schema, so that the form knows which branch it is in. The server has the last word.
import { find } from "./references.js";
import { equal, isObject, length, own, typeOf } from "./values.js";

/** Schemas inside schemas that are followed until a verdict is given up. */
const DEEPEST = 60;

/** @param {any} schema @param {any} value @param {any} root the document, for references @param {number} [depth] @returns {boolean} */
export function fits(schema, value, root, depth = 0) {
  if (typeof schema === "boolean") return schema;
  if (!isObject(schema) || depth > DEEPEST) return true;
  /** @param {any} inner @param {any} [part] */
  const judge = (inner, part = value) => fits(inner, part, root, depth + 1);
  return (
    refers(schema, root, judge) && fitsAny(schema, value) && combined(schema, judge) &&
    (typeof value !== "string" || fitsString(schema, value)) &&
    (!["integer", "number"].includes(typeOf(value)) || fitsNumber(schema, Number(value))) &&
    (!Array.isArray(value) || fitsArray(schema, value, judge)) &&
    (!isObject(value) || fitsObject(schema, value, judge))
  );
}

/** @typedef {(inner: any, part?: any) => boolean} Judge */

/** @param {any} schema @param {any} root @param {Judge} judge */
function refers(schema, root, judge) {
  const target = find(schema, root);
  return target === undefined || judge(target);
}

/** @param {any} schema @param {any} value */
function fitsAny(schema, value) {
  const types = own(schema, "type");
  const type = typeOf(value);
  const named = types === undefined || [types].flat().some((each) => each === type || (each === "number" && type === "integer"));
  const listed = own(schema, "enum");
  const fixed = own(schema, "const");
  return (
    named && (!Array.isArray(listed) || listed.some((each) => equal(each, value))) && (fixed === undefined || equal(fixed, value))
  );
}

/** @param {any} schema @param {Judge} judge */
function combined(schema, judge) {
  const { allOf = [], anyOf, oneOf, not } = schema;
  const condition = own(schema, "if");
  const then = condition === undefined ? undefined : own(schema, judge(condition) ? "then" : "else");
  return (
    allOf.every((/** @type {any} */ each) => judge(each)) &&
    (!anyOf || anyOf.some((/** @type {any} */ each) => judge(each))) &&
    (!oneOf || oneOf.filter((/** @type {any} */ each) => judge(each)).length === 1) &&
    (not === undefined || !judge(not)) &&
    (then === undefined || judge(then))
  );
}

/** @param {any} schema @param {string} value */
function fitsString({ minLength = 0, maxLength = Infinity, pattern }, value) {
  return length(value) >= minLength && length(value) <= maxLength && (pattern === undefined || matches(pattern, value));
}

/** @param {string} pattern @param {string} text */
export function matches(pattern, text) {
  try {
    return new RegExp(pattern, "u").test(text);
  } catch {
    return true; // a pattern of another dialect: the server knows it
  }
}

/** @param {any} schema @param {number} value */
function fitsNumber(schema, value) {
  const { minimum = -Infinity, maximum = Infinity, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const above = exclusiveMinimum === true ? value > minimum : value >= minimum && !(value <= exclusiveMinimum);
  const below = exclusiveMaximum === true ? value < maximum : value <= maximum && !(value >= exclusiveMaximum);
  const steps = multipleOf === undefined ? 0 : value / Number(multipleOf);
  return above && below && Math.abs(steps - Math.round(steps)) < 1e-9;
}

/** @param {any} schema @param {any[]} value @param {Judge} judge */
function fitsArray(schema, value, judge) {
  const { minItems = 0, maxItems = Infinity, uniqueItems, contains, minContains = 1, maxContains = Infinity } = schema;
  const held = contains === undefined ? minContains : value.filter((each) => judge(contains, each)).length;
  const doubled = uniqueItems === true && value.some((each, at) => value.slice(0, at).some((other) => equal(each, other)));
  return (
    value.length >= minItems && value.length <= maxItems && !doubled &&
    (contains === undefined || (held >= minContains && held <= maxContains)) &&
    value.every((each, at) => judge(itemSchema(schema, at), each))
  );
}

/** The schema of the item at an index, in any draft; true where there is none. @param {any} schema @param {number} index */
export function itemSchema(schema, index) {
  const items = own(schema, "items");
  const tuple = own(schema, "prefixItems") ?? (Array.isArray(items) ? items : []);
  if (index < tuple.length) return tuple[index];
  return (Array.isArray(items) ? own(schema, "additionalItems") : items) ?? true;
}

/** @param {any} schema @param {any} value @param {Judge} judge */
function fitsObject(schema, value, judge) {
  const { required = [], minProperties = 0, maxProperties = Infinity, propertyNames } = schema;
  const names = Object.keys(value);
  return (
    names.length >= minProperties && names.length <= maxProperties &&
    (!Array.isArray(required) || required.every((name) => Object.hasOwn(value, name))) &&
    names.every((name) => memberSchemas(schema, name).every((each) => judge(each, value[name]))) &&
    (propertyNames === undefined || names.every((name) => judge(propertyNames, name))) &&
    dependent(schema, value).every((each) => judge(each))
  );
}

/** The schemas that a member of this name has to fit. @param {any} schema @param {string} name @returns {any[]} */
export function memberSchemas(schema, name) {
  const named = own(own(schema, "properties"), name);
  const patterns = Object.entries(own(schema, "patternProperties") ?? {}).filter(([pattern]) => matches(pattern, name));
  const found = [...(named === undefined ? [] : [named]), ...patterns.map(([, each]) => each)];
  return found.length ? found : [own(schema, "additionalProperties") ?? true];
}

/** What follows from the members that are there. @param {any} schema @param {any} value @returns {any[]} */
export function dependent(schema, value) {
  const rules = ["dependentSchemas", "dependentRequired", "dependencies"].flatMap((word) => Object.entries(own(schema, word) ?? {}));
  const fired = isObject(value) ? rules.filter(([name]) => Object.hasOwn(value, name)) : [];
  return fired.map(([, rule]) => (Array.isArray(rule) ? { required: rule } : rule));
}
