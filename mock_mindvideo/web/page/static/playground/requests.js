// The playground's own requests: each is timed, and its answer is read without loss.
import { ROOT, authorization, keyOf } from "../api.js";
import { read } from "./json.js";

/** @typedef {{ status: number, headers: Headers, body: any, ms: number }} Answer */

/**
 * An answer, whatever its status; throws where there is none.
 * @param {string} world @param {string} method @param {string} path
 * @param {{ body?: BodyInit, headers?: Record<string, string>, signal?: AbortSignal }} [given]
 * @returns {Promise<Answer>}
 */
export async function ask(world, method, path, { body, headers = {}, signal } = {}) {
  const began = performance.now();
  const all = { Authorization: authorization(keyOf(world)), ...headers };
  const answer = await fetch(new URL(path, ROOT), { method, body, signal, headers: all });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: parsed(text), ms: performance.now() - began };
}

/** @param {string} text */
function parsed(text) {
  try {
    return read(text);
  } catch {
    return text || null;
  }
}
