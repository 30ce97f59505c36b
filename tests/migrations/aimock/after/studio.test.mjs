import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, beforeEach, test } from "node:test";
import { clip } from "./studio.mjs";

const KEY = "mv_test_studio"; // a world of its own for each such key
let server, url;

before(async () => {
  const command = process.env.MOCK_MINDVIDEO ?? "mock-mindvideo";
  const stdio = ["ignore", "pipe", "inherit"];
  const options = ["serve", "--port", "0", "--progress", "polls", "--log-level", "warning"];
  server = spawn(command, options, { stdio });
  for await (const line of server.stdout) {
    url = /http:\S+/.exec(line)?.[0];
    if (url) break;
  }
});
after(() => server.kill());
beforeEach(() => steer("reset"));

/** What steers the world, or tells of it. */
async function steer(what, body) {
  const options = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { Authorization: `Bearer ${KEY}`, "Content-Type": "application/json" };
  const answer = await fetch(`${url}/_mock/${what}`, { method: "POST", headers, ...options });
  assert.ok(answer.ok, await answer.text());
}

async function told(what) {
  const answer = await fetch(`${url}/_mock/${what}`, { headers: { Authorization: `Bearer ${KEY}` } });
  return (await answer.json())[what];
}

test("a clip is made", async () => {
  assert.match(await clip(url, KEY, "a cat", "order-7", 0), /\.mp4$/);
  const [submit] = (await told("requests")).filter((each) => each.method === "POST");
  assert.equal(JSON.parse(submit.body).input.prompt, "a cat");
});

test("a refused picture is told", async () => {
  await steer("scripts", { script: "outcome=failed; error=content_policy" });
  await assert.rejects(clip(url, KEY, "a cat", "order-7", 0), /content_policy/);
});

test("a busy platform is asked again with the same key", async () => {
  await steer("scripts", { script: "status=503; retry-after=0; times=1" });
  await clip(url, KEY, "a cat", "order-7", 0);
  assert.equal((await told("tasks")).length, 1);
});

test("a refused key is told", async () => {
  await steer("scripts", { script: "status=401" });
  await assert.rejects(clip(url, KEY, "a cat", "order-7", 0), /api_key/);
});
