// A recorded request as a draft. It goes through the tab's storage, so that no prompt stands in a URL.
// The format is one JSON object: {"model": "…", "input": {…}, "script": "…"}; the playground reads it when it is opened.
import { header } from "../show.js";
import { KEPT } from "./draft.js";
import { read, write } from "./json.js";
import { isObject } from "./values.js";

/** The draft in an exchange; null where its body is no submit. @param {import("../store.js").Exchange} exchange */
function draftOf({ method, body, headers }) {
  if (method !== "POST") return null;
  try {
    const { model, input } = read(body);
    if (typeof model !== "string" || !isObject(input)) return null;
    return { model, input, script: header(headers, "x-mock-script") ?? "" };
  } catch {
    return null;
  }
}

/** Whether a request can be sent to the playground. @param {import("../store.js").Exchange} exchange */
export const canHandOver = (exchange) => draftOf(exchange) !== null;

/** Lay a request out for the playground; go to its view then. False where it is no submit. @param {import("../store.js").Exchange} exchange */
export function handOver(exchange) {
  const found = draftOf(exchange);
  if (found) sessionStorage.setItem(KEPT, write(found));
  return found !== null;
}
