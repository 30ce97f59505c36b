// JSON values and texts as literals of other languages, so that a pasted program says exactly what the form does.
import { Numeral, quoted, write } from "./json.js";

/** A word of a POSIX shell. @param {string} text */
export const shell = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A text of Python or Go, whose escapes are JSON's, but for characters beyond the first plane. @param {string} text */
export const literal = (text) => quoted(text, wide);

/** @param {string} unseen */
function wide(unseen) {
  const code = unseen.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

/** A value as Python writes it. @param {any} value @param {string} margin @returns {string} */
export function python(value, margin) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return literal(value);
  if (typeof value === "number" || value instanceof Numeral) return write(value);
  const deeper = `${margin}    `;
  const parts = Array.isArray(value)
    ? value.map((each) => python(each, deeper))
    : Object.entries(value).map(([name, each]) => `${literal(name)}: ${python(each, deeper)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return parts.length ? `${open}\n${deeper}${parts.join(`,\n${deeper}`)},\n${margin}${close}` : open + close;
}

/** Whether JavaScript's own JSON would say something else: other digits, or a member that is lost. @param {any} value @returns {boolean} */
export function needsText(value) {
  if (value instanceof Numeral || Object.is(value, -0)) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.hasOwn(value, "__proto__") || Object.values(value).some(needsText);
}

/** A text of Go: raw where it can be, for reading. @param {string} text */
export const go = (text) => (/[`\r]|\p{Cs}/u.test(text) ? literal(text) : `\`${text}\``);
