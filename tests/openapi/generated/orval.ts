import { createTask, getTask, getTaskEvents } from "./api";
import type { CreateTask, Task } from "./api";

const headers = { Authorization: "Bearer mv_test_generated_orval", "Content-Type": "application/json" };
const body: CreateTask = {
  model: "wan2-7-r2v",
  input: { prompt: "图1", video_urls: ["https://example.com/a.mp4"], duration: 5 },
};

const made = await createTask(body, { headers: { ...headers, "Idempotency-Key": "order-1" } });
if (made.status !== 200) throw new Error(JSON.stringify(made.data));
const id = made.data.task_id;
const states: Task["status"][] = [];
for (let poll = 0; poll < 3; poll++) {
  const shown = await getTask(id, { headers });
  if (shown.status === 200) states.push(shown.data.status);
}
const listed = await getTaskEvents(id, { headers: { ...headers, Accept: "application/json" } });
const refused = await createTask({ ...body, input: { ...body.input, duration: 99 } }, { headers });
if (refused.status !== 422) throw new Error("taken");
console.log(JSON.stringify({ states, events: listed.data, refused: refused.data.error.details }));
