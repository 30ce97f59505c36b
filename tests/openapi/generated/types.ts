import type { components, operations } from "./schema";

type Body = operations["createTask"]["requestBody"]["content"]["application/json"];
type Task = operations["getTask"]["responses"][200]["content"]["application/json"];
type Refused = operations["createTask"]["responses"][422]["content"]["application/json"];

export const smallest: Body = {
  model: "wan2-7-r2v",
  input: { prompt: "图1", video_urls: ["https://example.com/a.mp4"] },
};

export function link(task: Task): string | undefined {
  const known: "queued" | "processing" | "succeeded" | "failed" | "cancelled" = task.status;
  const cost: number = task.cost_estimate;
  return known === "failed" ? task.error?.code : (task.output?.videos?.[0]?.url ?? String(cost));
}

export const places = (refused: Refused): string[] =>
  refused.error.details.map((each) => each.pointer);

// @ts-expect-error: a task has no such member
export const phantom = (task: components["schemas"]["Task"]) => task.$defs;

// @ts-expect-error: an input needs a prompt
export const wrong: Body = { model: "wan2-7-r2v", input: {} };
