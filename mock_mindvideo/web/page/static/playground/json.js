// JSON without loss: numbers keep their digits, every name is a member's own, a doubled name is refused.

/** A number that JavaScript's own would write in another way, such as 1.0 or 9007199254740993. */
export class Numeral {
  /** @param {string} text */
  constructor(text) {
    this.text = text;
  }

  valueOf() {
    return Number(this.text);
  }
}

/** Why a text is no JSON, and where: `line` and `column` count from 1. */
export class NotJson extends Error {
  /** @param {string} reason @param {string} text @param {number} at */
  constructor(reason, text, at) {
    const before = text.slice(0, at).split("\n");
    super(`line ${before.length}, column ${before[before.length - 1].length + 1}: ${reason}`);
    this.at = at;
  }
}

export const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const TOKEN = /[ \t\r\n]*(?:([{}[\],:])|(")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-]))|(true|false|null)(?!\w)|$)/y;
const CONSTANTS = /** @type {Record<string, unknown>} */ ({ true: true, false: false, null: null });

/** Levels of arrays and objects; deeper ones would exhaust the stack, here or at whoever reads them. */
const DEEPEST = 500;

/** The number that a text stands for. @param {string} text @returns {number | Numeral} */
export const number = (text) => (String(Number(text)) === text ? Number(text) : new Numeral(text));

/** The value of a JSON text. Throws NotJson. @param {string} text */
export function read(text) {
  let at = 0;
  let start = 0;

  /** @param {string} reason @returns {never} */
  function refuse(reason) {
    throw new NotJson(reason, text, start);
  }

  function next() {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (!found) {
      start = at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
      return refuse(`unexpected ${JSON.stringify(text.slice(start, start + 12))}`);
    }
    at = TOKEN.lastIndex;
    start = at - found[0].trimStart().length;
    return found;
  }

  /** A text, whose first quote is read. It may be megabytes long, which no pattern takes. */
  function string() {
    let end = at;
    do {
      end = text.indexOf('"', end) + 1;
      if (!end) refuse("a text is not closed");
    } while (isEscaped(end - 1));
    at = end;
    try {
      return JSON.parse(text.slice(start, end));
    } catch {
      return refuse(`no text of JSON: ${JSON.stringify(text.slice(start, end).slice(0, 24))}`);
    }
  }

  /** @param {number} place */
  function isEscaped(place) {
    let before = place;
    while (text[before - 1] === "\\") before -= 1;
    return (place - before) % 2 === 1;
  }

  /** @param {number} depth @param {RegExpExecArray} [given] @returns {any} */
  function value(depth, given = next()) {
    const [, mark, quote, digits, word] = given;
    if (depth > DEEPEST) refuse(`nested over ${DEEPEST} levels deep`);
    if (mark === "{") return object(depth + 1);
    if (mark === "[") return array(depth + 1);
    if (quote) return string();
    if (digits !== undefined) return number(digits);
    if (word !== undefined) return CONSTANTS[word];
    return refuse(mark ? `a value is expected, not ${mark}` : "a value is expected, and the text ends");
  }

  /** @param {number} depth */
  function array(depth) {
    /** @type {any[]} */
    const found = [];
    let token = next();
    if (token[1] === "]") return found;
    while (true) {
      found.push(value(depth, token));
      const mark = next()[1];
      if (mark === "]") return found;
      if (mark !== ",") refuse("a comma or ] is expected");
      token = next();
    }
  }

  /** @param {number} depth */
  function object(depth) {
    /** @type {Map<string, any>} */
    const found = new Map();
    let token = next();
    if (token[1] === "}") return {};
    while (true) {
      if (!token[2]) refuse("a name in double quotes is expected");
      const name = string();
      if (found.has(name)) refuse(`the name ${JSON.stringify(name)} stands here twice`);
      if (next()[1] !== ":") refuse("a colon is expected");
      found.set(name, value(depth));
      const mark = next()[1];
      if (mark === "}") return Object.fromEntries(found);
      if (mark !== ",") refuse("a comma or } is expected");
      token = next();
    }
  }

  const found = value(0);
  if (next()[0].trim()) refuse("nothing may follow the value");
  return found;
}

/** Characters that are not seen, or change how others are: they are written as escapes. */
const UNSEEN = /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f]/gu;

/** @param {string} text */
const escaped = (text) => text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A text as JSON. @param {string} text @param {(unseen: string) => string} [escape] as another language has it */
export const quoted = (text, escape = escaped) => JSON.stringify(text).replace(UNSEEN, escape);

/** A value as JSON text. @param {any} value @param {string} [indent] @param {string} [margin] @returns {string} */
export function write(value, indent = "", margin = "") {
  if (value instanceof Numeral) return value.text;
  if (typeof value === "string") return quoted(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const deeper = margin + indent;
  const parts = Array.isArray(value)
    ? value.map((each) => write(each, indent, deeper))
    : Object.entries(value).map(([name, each]) => `${quoted(name)}:${indent && " "}${write(each, indent, deeper)}`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  if (!parts.length) return open + close;
  const [before, between, after] = indent ? [`\n${deeper}`, `,\n${deeper}`, `\n${margin}`] : ["", ",", ""];
  return open + before + parts.join(between) + after + close;
}
