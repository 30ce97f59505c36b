// Where two JSON values differ, by pointer.
import { escaped } from "./pointer.js";

/**
 * @param {any} one @param {any} other @param {string} [at]
 * @returns {{ pointer: string, one: any, other: any }[]}
 */
export function difference(one, other, at = "") {
  if (Object.is(one, other)) return [];
  const both = [one, other].every((each) => each !== null && typeof each === "object");
  if (!both || Array.isArray(one) !== Array.isArray(other)) return [{ pointer: at, one, other }];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => difference(one[name], other[name], `${at}/${escaped(name)}`));
}
