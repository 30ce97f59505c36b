// What a schema looks like as a control: its types, its choices, the words beside it.
import { fits } from "./judge.js";
import { plain } from "./merge.js";
import { equal, isObject, own, typeOf } from "./values.js";

/** @typedef {import("./merge.js").Choice} Choice */
/** @typedef {import("./merge.js").Plain} Plain */

export const TYPES = ["string", "number", "integer", "boolean", "object", "array", "null"];

/** Keywords that speak of one type only. */
const IMPLIED = {
  object: ["properties", "required", "additionalProperties", "patternProperties", "minProperties", "maxProperties"],
  array: ["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"],
  string: ["minLength", "maxLength", "pattern", "format"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
};

/** The types that a value may have, the likeliest first. @param {any} schema @returns {string[]} */
export function typesOf(schema) {
  const said = own(schema, "type");
  if (said !== undefined) return [said].flat().filter((each) => TYPES.includes(each));
  const listed = own(schema, "const") !== undefined ? [schema.const] : own(schema, "enum");
  if (Array.isArray(listed)) return [...new Set(listed.map(typeOf))];
  const implied = Object.entries(IMPLIED).filter(([, words]) => words.some((word) => own(schema, word) !== undefined));
  const likely = implied.map(([type]) => type);
  return [...likely, ...TYPES.filter((type) => !likely.includes(type) && type !== "integer")];
}

/** Whether the schema says itself what type it means, if only by its keywords. @param {any} schema */
export const saysType = (schema) =>
  own(schema, "type") !== undefined || Object.values(IMPLIED).flat().some((word) => own(schema, word) !== undefined);

const SHAPING = ["type", "properties", "items", "prefixItems", "enum", "const", "$ref", "oneOf", "anyOf", "allOf", "patternProperties", "additionalProperties", "format", "pattern"];

/** The first choice that a person can make; branches that only require or forbid are the server's. @param {Plain} found @param {any} root */
export function offered(found, root) {
  return found.choices.find(({ branches }) => branches.length && branches.every((each) => shapes(each, root)));
}

/** @param {any} branch @param {any} root */
function shapes(branch, root) {
  const { schema } = plain(branch, undefined, root);
  return SHAPING.some((word) => own(branch, word) !== undefined || own(schema, word) !== undefined);
}

/** Whether all branches are single values: then they are one list to choose from. @param {Choice} choice @param {any} root @returns {{ value: any, title: string }[] | null} */
export function listed({ branches }, root) {
  const found = branches.map((branch) => ({ branch, schema: plain(branch, undefined, root).schema }));
  const single = found.every(({ schema }) => own(schema, "const") !== undefined || own(schema, "enum")?.length === 1);
  if (!single) return null;
  return found.map(({ schema }) => {
    const value = own(schema, "const") !== undefined ? schema.const : schema.enum[0];
    return { value, title: text(own(schema, "title")) || text(own(schema, "description")) };
  });
}

/** The branch that a value is in. @param {Choice} choice @param {any} value @param {any} root */
export function branchOf({ branches }, value, root) {
  if (value === undefined) return 0;
  const fitting = branches.findIndex((branch) => fits(branch, value, root));
  if (fitting >= 0) return fitting;
  const scores = branches.map((branch) => likeness(plain(branch, value, root).schema, value, root));
  return scores.indexOf(Math.max(...scores));
}

/** How much of a value a schema speaks of. @param {any} schema @param {any} value @param {any} root */
function likeness(schema, value, root) {
  const type = typeOf(value);
  const types = typesOf(schema);
  if (!types.includes(type) && !(type === "integer" && types.includes("number"))) return -1;
  if (!isObject(value)) return 1;
  const members = Object.entries(own(schema, "properties") ?? {}).filter(([name]) => Object.hasOwn(value, name));
  return members.reduce((sum, [name, inner]) => sum + weight(inner, value[name], root), 1);
}

/** A member that is fixed tells branches apart. @param {any} schema @param {any} value @param {any} root */
function weight(schema, value, root) {
  const { const: fixed, enum: list } = plain(schema, value, root).schema;
  if (fixed !== undefined || list) return fits(schema, value, root) ? 10 : -10;
  return fits(schema, value, root) ? 1 : 0;
}

/** The words of a schema; anything but text is not shown. @param {any} said @returns {string} */
export const text = (said) => (typeof said === "string" ? said : "");

/** How the vendor would show it. @param {any} schema @returns {any} */
export const hints = (schema) => (isObject(own(schema, "x-playground")) ? schema["x-playground"] : {});

/** @param {any[]} values @param {any} value */
export const indexOf = (values, value) => values.findIndex((each) => equal(each, value));
