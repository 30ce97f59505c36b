// JSON values: their types and places, and copies with one place changed. Nothing is changed in place.
import { escaped, unescaped } from "../pointer.js";
import { Numeral } from "./json.js";

/** @typedef {string[]} Path names and indices from the root */

/** A member of its own; never one that every object has. @param {any} object @param {string} name */
export const own = (object, name) =>
  object !== null && typeof object === "object" && Object.hasOwn(object, name) ? object[name] : undefined;

/** @param {any} value */
export const isObject = (value) =>
  value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Numeral);

/** The type as JSON Schema names it; integers are "integer". @param {any} value */
export function typeOf(value) {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" || value instanceof Numeral) return isWhole(value) ? "integer" : "number";
  return typeof value;
}

/** @param {number | Numeral} value */
function isWhole(value) {
  if (!(value instanceof Numeral)) return Number.isInteger(value);
  const [, , fraction = "", power = "0"] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(value.text) ?? [];
  if (Number(power) < 0 || fraction.replace(/0+$/, "").length > Number(power)) return Number.isInteger(Number(value));
  return true;
}

/** Equal as JSON: 1 and 1.0 are, the order of members does not matter. @param {any} one @param {any} other @returns {boolean} */
export function equal(one, other) {
  if (one === other) return true;
  const type = typeOf(one);
  if (type === "integer" || type === "number") return typeOf(other) === type && sameNumber(one, other);
  if (type !== typeOf(other) || (type !== "array" && type !== "object")) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && equal(one[name], other[name]))
  );
}

/** @param {number | Numeral} one @param {number | Numeral} other */
function sameNumber(one, other) {
  const digits = [one, other].map((each) => (each instanceof Numeral ? each.text : String(each)));
  const [large, small] = digits.map((each) => /^-?\d{16,}$/.test(each));
  return large && small ? digits[0] === digits[1] : Number(one) === Number(other);
}

/** @param {any} value @param {Path} path */
export const get = (value, path) => path.reduce((here, name) => own(here, name), value);

/** A copy with `made` at a place; undefined takes it out. @param {any} value @param {Path} path @param {any} made @returns {any} */
export function put(value, path, made) {
  if (!path.length) return made;
  const [name, ...rest] = path;
  const inner = put(own(value, name), rest, made);
  if (Array.isArray(value)) {
    if (inner === undefined) return value.filter((_, index) => String(index) !== name);
    return Object.assign([...value], { [name]: inner });
  }
  const members = isObject(value) ? value : {};
  if (inner !== undefined) return { ...members, [name]: inner };
  return Object.fromEntries(Object.entries(members).filter(([each]) => each !== name));
}

/** A copy with a member called otherwise, in the same place among the others. @param {any} object @param {string} from @param {string} to */
export const renamed = (object, from, to) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name === from ? to : name, value]));

/** @param {Path} path */
export const pointer = (path) => path.map((name) => `/${escaped(name)}`).join("");

/** @param {string} text @returns {Path} */
export const pathOf = (text) => text.split("/").slice(1).map(unescaped);

/** Characters as JSON Schema counts them. @param {string} text */
export const length = (text) => [...text].length;
