// A recorded request as something that works when it is pasted, key included.
import { ROOT, authorization, keyOf } from "./api.js";
import { PLATFORM } from "./platform.js";
import { header } from "./show.js";

/** Headers that a client makes by itself, or that belong to the connection. */
const OWN = /^(host|content-length|connection|accept-encoding|user-agent|origin|referer|sec-.*|authorization|traceparent|tracestate|cookie)$/i;

/** @param {string} text */
const shell = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

/** @typedef {import("./store.js").Exchange} Exchange */

/** @param {string} world @param {Exchange} exchange */
function parts(world, exchange) {
  const kept = exchange.headers.filter(([name]) => !OWN.test(name));
  /** @type {string[][]} */
  const headers = [["authorization", authorization(keyOf(world))], ...kept];
  return { url: new URL(exchange.path.slice(1), ROOT).href, headers };
}

/** @param {string} world @param {Exchange} exchange */
export function curl(world, exchange) {
  const { url, headers } = parts(world, exchange);
  const lines = [`curl -X ${exchange.method} ${shell(url)}`];
  for (const [name, value] of headers) lines.push(`-H ${shell(`${name}: ${value}`)}`);
  if (exchange.body) lines.push(`--data-binary ${shell(exchange.body)}`);
  return lines.join(" \\\n  ");
}

/** @param {string} world @param {Exchange} exchange */
export function httpx(world, exchange) {
  const { url, headers } = parts(world, exchange);
  const given = JSON.stringify(Object.fromEntries(headers), null, 4);
  const content = exchange.body ? `,\n    content=${JSON.stringify(exchange.body)}.encode()` : "";
  return (
    `import httpx\n\nanswer = httpx.request(\n    ${JSON.stringify(exchange.method)},\n    ${JSON.stringify(url)},\n` +
    `    headers=${given.replaceAll("\n", "\n    ")}${content},\n)\nprint(answer.status_code, answer.text)`
  );
}

/** @param {string} world @param {Exchange} exchange */
export function fetched(world, exchange) {
  const { url, headers } = parts(world, exchange);
  const init = { method: exchange.method, headers: Object.fromEntries(headers) };
  const given = exchange.body ? { ...init, body: exchange.body } : init;
  return `const answer = await fetch(${JSON.stringify(url)}, ${JSON.stringify(given, null, 2)});\nconsole.log(answer.status, await answer.text());`;
}

/** A curl that makes the first task of a world. @param {string} world @param {any} [model] */
export function firstCurl(world, model) {
  const body = model ? JSON.stringify({ model: model.slug, input: model.example }) : "{}";
  return [`curl -X POST ${new URL(PLATFORM.submit, ROOT)}`, `-H ${shell(`Authorization: ${authorization(keyOf(world))}`)}`, `-H ${shell("Content-Type: application/json")}`, `-d ${shell(body)}`].join(" \\\n  ");
}

/** The journal as an HTTP archive, which other tools open. @param {Exchange[]} journal */
export function har(journal) {
  const pairs = (/** @type {string[][]} */ headers) => headers.map(([name, value]) => ({ name, value }));
  const entries = journal.map((each) => ({
    startedDateTime: each.at,
    time: each.ms,
    cache: {},
    timings: { send: 0, wait: each.ms, receive: 0 },
    request: {
      method: each.method,
      url: new URL(each.path.slice(1), ROOT).href,
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: pairs(each.headers),
      queryString: [],
      headersSize: -1,
      bodySize: each.body.length,
      ...(each.body && {
        postData: { mimeType: header(each.headers, "content-type") ?? "", text: each.body },
      }),
    },
    response: {
      status: each.status,
      statusText: "",
      httpVersion: "HTTP/1.1",
      cookies: [],
      headers: [],
      content: { size: each.answer.length, mimeType: "application/json", text: each.answer },
      redirectURL: "",
      headersSize: -1,
      bodySize: each.answer.length,
    },
  }));
  const creator = { name: "mock-mindvideo", version: "1" };
  return JSON.stringify({ log: { version: "1.2", creator, entries } }, null, 1);
}
