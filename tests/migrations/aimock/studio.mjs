/** An application that makes clips; `every` is milliseconds between two polls. */
export async function clip(base, key, prompt, order, every = 2000) {
  const send = async (path, options = {}) => {
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json", ...options.headers };
    for (;;) {
      const answer = await fetch(base + path, { ...options, headers });
      if (answer.status === 429 || answer.status === 503) {
        await answer.text();
        await new Promise((done) => setTimeout(done, 1000 * Number(answer.headers.get("Retry-After") ?? 1)));
        continue;
      }
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.error.code);
      return body;
    }
  };
  const input = { prompt, image_with_roles: [{ url: "https://example.com/cat.jpg", role: "reference_image" }], duration: 5 };
  const body = JSON.stringify({ model: "wan2-7-r2v", input });
  let task = await send("/api/v1/tasks", { method: "POST", body, headers: { "Idempotency-Key": order } });
  while (!["succeeded", "failed", "cancelled"].includes(task.status)) {
    await new Promise((done) => setTimeout(done, every));
    task = await send(`/api/v1/tasks/${task.task_id}`);
  }
  if (task.status !== "succeeded") throw new Error(task.error.code);
  return task.output.videos[0].url;
}
