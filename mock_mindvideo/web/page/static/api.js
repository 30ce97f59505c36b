// Requests to the mock, in the name of one world. The key goes into a header, never into a URL.
import { PLATFORM } from "./platform.js";
import { events } from "./sse.js";

/** Where the mock is, whatever path a proxy serves it under. */
export const ROOT = new URL("../../", import.meta.url);

export class Refused extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body?.error?.message ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

/** An Authorization header's value for a key. @param {string} key */
export const authorization = (key) => `${PLATFORM.scheme} ${key}`;

/** The documented key for the world `default`, one of its own for any other. @param {string} world */
export const keyOf = (world) => (world === "default" ? PLATFORM.documented : `${PLATFORM.test}${world}`);

/**
 * The JSON of an answer; null where there is none. Throws Refused.
 * @param {string} world @param {string} method @param {string} path @param {unknown} [body]
 * @param {Record<string, string>} [more] headers
 */
export async function call(world, method, path, body, more = {}) {
  /** @type {Record<string, string>} */
  const headers = { Authorization: authorization(keyOf(world)), ...more };
  if (body !== undefined) headers["content-type"] ??= "application/json";
  const sent = body === undefined || typeof body === "string" ? body : JSON.stringify(body);
  const answer = await fetch(new URL(path, ROOT), { method, headers, body: sent });
  const text = await answer.text();
  const found = text ? parsed(text) : null;
  if (!answer.ok) throw new Refused(answer.status, found);
  return found;
}

/** @param {string} text */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/**
 * Everything that happens in a world, again and again from where it broke off, until `signal` ends it.
 * @param {string} world
 * @param {{ change: (kind: string, data: any) => void, state: (connected: boolean) => void }} told
 * @param {AbortSignal} signal
 */
export async function follow(world, told, signal) {
  let seen = "";
  while (!signal.aborted) {
    try {
      /** @type {Record<string, string>} */
      const headers = { Authorization: authorization(keyOf(world)), Accept: "text/event-stream" };
      if (seen) headers["Last-Event-ID"] = seen;
      const answer = await fetch(new URL("_mock/changes", ROOT), { headers, signal });
      if (!answer.ok || !answer.body) throw new Refused(answer.status, null);
      told.state(true);
      for await (const event of events(answer.body)) {
        seen = event.id || seen;
        if (event.data) told.change(event.kind, JSON.parse(event.data));
      }
    } catch {
      if (signal.aborted) return;
    }
    told.state(false);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
