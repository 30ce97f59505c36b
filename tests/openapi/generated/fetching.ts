import * as api from "./oazapfts";

api.defaults.baseUrl = process.argv[2] ?? "";
api.defaults.headers = { Authorization: "Bearer mv_test_generated_oazapfts" };
const made = await api.createTask({
  model: "wan2-7-r2v",
  input: { prompt: "图1", video_urls: ["https://example.com/a.mp4"] },
});
if (made.status !== 200) throw new Error(JSON.stringify(made.data));
const shown = await api.getTask(made.data.task_id);
console.log(JSON.stringify(shown.data));
