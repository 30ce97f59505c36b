// Where `$ref` leads, within one document: the mock takes no others.
import { isObject, own, pathOf } from "./values.js";

/** What a schema refers to; undefined where it refers to nothing. @param {any} schema @param {any} root */
export function find(schema, root) {
  const reference = ["$ref", "$dynamicRef", "$recursiveRef"].map((word) => own(schema, word)).find((each) => typeof each === "string");
  if (reference === undefined) return undefined;
  return known(root).get(reference) ?? lookup(reference, root);
}

/** @param {string} reference @param {any} root */
function lookup(reference, root) {
  const found = resolve(reference, root);
  known(root).set(reference, found);
  return found;
}

/** @type {WeakMap<object, Map<string, any>>} */
const remembered = new WeakMap();

/** @param {any} root @returns {Map<string, any>} */
function known(root) {
  if (!isObject(root)) return new Map();
  const found = remembered.get(root) ?? new Map();
  remembered.set(root, found);
  return found;
}

/** @param {string} reference @param {any} root @returns {any} */
function resolve(reference, root) {
  const [base, fragment = ""] = reference.split("#");
  const document = base ? named(root, (schema) => sameId(schema, base)) : root;
  if (document === undefined) return true;
  if (!fragment) return document;
  if (!fragment.startsWith("/")) return named(document, (schema) => hasAnchor(schema, fragment)) ?? true;
  const path = pathOf(decoded(fragment));
  return path.reduce((here, name) => own(here, name), document) ?? true;
}

/** @param {any} schema @param {string} base */
function sameId(schema, base) {
  const id = own(schema, "$id") ?? own(schema, "id");
  return typeof id === "string" && (id === base || id.replace(/#$/, "") === base || id.endsWith(`/${base}`));
}

/** @param {any} schema @param {string} name */
const hasAnchor = (schema, name) =>
  ["$anchor", "$dynamicAnchor"].some((word) => own(schema, word) === name) || own(schema, "$id") === `#${name}`;

/** The first object of the document of which `test` is true. @param {any} root @param {(schema: any) => boolean} test */
function named(root, test) {
  const left = [root];
  while (left.length) {
    const here = left.shift();
    if (here === null || typeof here !== "object") continue;
    if (isObject(here) && test(here)) return here;
    left.push(...Object.values(here));
  }
  return undefined;
}

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
