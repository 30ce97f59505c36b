import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { LLMock } from "@copilotkit/aimock";
import { clip } from "./studio.mjs";

/** aimock knows no MindVideo: a mount answers by hand. */
const tasks = {
  submits: [],
  polls: [],
  sent: [],
  async handleRequest(request, response) {
    let text = "";
    for await (const piece of request) text += piece;
    const isSubmit = request.method === "POST";
    if (isSubmit) tasks.sent.push({ headers: request.headers, body: JSON.parse(text) });
    const { status = 200, headers = {}, ...body } = (isSubmit ? tasks.submits : tasks.polls).shift();
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(JSON.stringify(isSubmit ? body : { task_id: "task_1", ...body.task }));
    return true;
  },
};
const QUEUED = { task_id: "task_1" };
const mock = new LLMock({ port: 0 });

function ends(task) {
  tasks.polls = [{ task: { status: "queued" } }, { task: { status: "processing" } }, { task }];
}

before(() => mock.mount("/api/v1/tasks", tasks).start());
after(() => mock.stop());
beforeEach(() => {
  tasks.submits = [{ ...QUEUED }];
  tasks.sent = [];
});

test("a clip is made", async () => {
  ends({ status: "succeeded", output: { videos: [{ url: "https://cdn/clip.mp4" }] } });
  assert.match(await clip(mock.url, "mv_live_xxx", "a cat", "order-7", 0), /\.mp4$/);
  assert.equal(tasks.sent[0].body.input.prompt, "a cat");
});

test("a refused picture is told", async () => {
  ends({ status: "failed", error: { code: "content_policy" } });
  await assert.rejects(clip(mock.url, "mv_live_xxx", "a cat", "order-7", 0), /content_policy/);
});

test("a busy platform is asked again with the same key", async () => {
  ends({ status: "succeeded", output: { videos: [{ url: "https://cdn/clip.mp4" }] } });
  tasks.submits.unshift({ status: 503, headers: { "Retry-After": "0" } });
  await clip(mock.url, "mv_live_xxx", "a cat", "order-7", 0);
  assert.deepEqual(tasks.sent.map((each) => each.headers["idempotency-key"]), ["order-7", "order-7"]);
});

test("a refused key is told", async () => {
  tasks.submits = [{ status: 401, error: { code: "missing_api_key" } }];
  await assert.rejects(clip(mock.url, "mv_live_xxx", "a cat", "order-7", 0), /api_key/);
});
