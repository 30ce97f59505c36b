// Node's own fetch: submit, lose the answer, retry, poll, follow. Prints what it found as JSON.
const [url, key, body] = process.argv.slice(2);
const headers = {
  Authorization: `Bearer ${key}`,
  "Content-Type": "application/json",
  "Idempotency-Key": "order-1",
};
const submit = () => fetch(url, { method: "POST", headers, body });

let lost = false;
try {
  await submit();
} catch (error) {
  lost = error instanceof TypeError;
}
if (!lost) throw new Error("the first answer should have been lost");

const again = await submit();
const task = `${url}/${(await again.json()).task_id}`;
const polls = [];
for (let poll = 0; poll < 3; poll += 1) {
  polls.push((await (await fetch(task, { headers })).json()).status);
}
const text = await (await fetch(`${task}/events`, { headers })).text();
const events = [...text.matchAll(/^id: (\d+)$/gm)].map((found) => Number(found[1]));
const replayed = again.headers.get("idempotent-replayed") === "true";
console.log(JSON.stringify({ polls, events, replayed }));
