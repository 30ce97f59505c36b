// One plain schema out of what a schema says for a value: references followed, `allOf` and conditions joined.
import { dependent, fits } from "./judge.js";
import { find } from "./references.js";
import { equal, isObject, own } from "./values.js";

/**
 * @typedef {{ word: string, branches: any[] }} Choice
 * @typedef {{ schema: any, choices: Choice[], never: boolean }} Plain `choices` are its oneOf and anyOf
 */

const JOINED = ["$ref", "$dynamicRef", "$recursiveRef", "allOf", "oneOf", "anyOf", "if", "then", "else", "$defs", "definitions"];

/** @param {any} schema @param {any} value @param {any} root @returns {Plain} */
export function plain(schema, value, root) {
  /** @type {Plain} */
  const found = { schema: {}, choices: [], never: false };
  const seen = new Set();

  /** @param {any} part */
  function add(part) {
    if (part === false) found.never = true;
    if (!isObject(part) || seen.has(part)) return;
    seen.add(part);
    const bare = Object.entries(part).filter(([word]) => !JOINED.includes(word));
    found.schema = joined(found.schema, Object.fromEntries(bare));
    add(find(part, root));
    const { allOf = [] } = part;
    allOf.forEach(add);
    if (own(part, "if") !== undefined) add(own(part, fits(part.if, value ?? {}, root) ? "then" : "else"));
    dependent(part, value).forEach(add);
    for (const word of ["oneOf", "anyOf"]) if (Array.isArray(own(part, word))) found.choices.push({ word, branches: part[word] });
  }

  add(schema);
  return found;
}

/** @type {Record<string, (one: any, other: any) => any>} */
const RULES = {
  type: commonTypes,
  enum: (one, other) => one.filter((/** @type {any} */ each) => other.some((/** @type {any} */ that) => equal(each, that))),
  required: (one, other) => [...new Set([...one, ...other])],
  properties: members,
  patternProperties: members,
  items: (one, other) => (Array.isArray(one) || Array.isArray(other) ? one : both(one, other)),
  additionalProperties: both,
  minimum: largest, minLength: largest, minItems: largest, minProperties: largest,
  maximum: least, maxLength: least, maxItems: least, maxProperties: least,
  uniqueItems: (one, other) => one || other,
};

/** Both schemas in one; what is said first is kept where only one can be. @param {any} one @param {any} other */
function joined(one, other) {
  const result = { ...one };
  for (const [word, said] of Object.entries(other)) {
    const had = own(one, word);
    const rule = own(RULES, word);
    if (had === undefined) result[word] = said;
    else if (rule) result[word] = rule(had, said);
  }
  return result;
}

/** @param {any} one @param {any} other */
function both(one, other) {
  if (one === true || equal(one, other)) return other;
  if (other === true) return one;
  return one === false || other === false ? false : { allOf: [one, other] };
}

/** @param {any} one @param {any} other */
function members(one, other) {
  const shared = Object.entries(other).map(([name, said]) => [name, Object.hasOwn(one, name) ? both(one[name], said) : said]);
  return { ...one, ...Object.fromEntries(shared) };
}

/** @param {any} one @param {any} other */
function commonTypes(one, other) {
  const [these, those] = [[one].flat(), [other].flat()];
  const kept = these.filter((each) => those.includes(each) || (each === "integer" && those.includes("number")));
  if (these.includes("number") && !these.includes("integer") && those.includes("integer")) kept.push("integer");
  return kept.length === 1 ? kept[0] : kept;
}

/** @param {any} one @param {any} other */
function largest(one, other) {
  return Number(one) >= Number(other) ? one : other;
}

/** @param {any} one @param {any} other */
function least(one, other) {
  return Number(one) <= Number(other) ? one : other;
}
