// k6: each virtual user submits tasks, and polls each until it has ended, as an application does.
//
//   mock-mindvideo serve --profile load
//   k6 run -e HOST=http://127.0.0.1:8080 --vus 50 --duration 1m script.js
//
// MINDVIDEO_API_KEY is the key, MINDVIDEO_POLL the seconds between two polls.

import exec from 'k6/execution';
import http from 'k6/http';
import { check, sleep } from 'k6';
import { Counter, Trend } from 'k6/metrics';

const host = __ENV.HOST || 'http://127.0.0.1:8080';
const poll = Number(__ENV.MINDVIDEO_POLL || '1');
const headers = {
  Authorization: `Bearer ${__ENV.MINDVIDEO_API_KEY || 'mv_test_load'}`,
  'Content-Type': 'application/json',
};
const payload = JSON.stringify({
  model: 'wan2-7-r2v',
  input: { prompt: 'a lantern in the rain', video_urls: ['https://example.com/v.mp4'] },
});
const ended = ['succeeded', 'failed', 'cancelled'];

const taskSeconds = new Trend('task_seconds');
const busy = new Counter('answers_busy');
const outcomes = new Counter('task_outcomes');

export const options = {
  thresholds: { checks: ['rate==1'] },
};

http.setResponseCallback(http.expectedStatuses(200, 429, 503));

/** The answer; after a 429 or 503 the same request again, when `Retry-After` says. */
function asked(send) {
  for (;;) {
    const answer = send();
    if (answer.status !== 429 && answer.status !== 503) return answer;
    busy.add(1);
    sleep(Number(answer.headers['Retry-After'] || poll));
  }
}

export default function oneVideo() {
  const began = Date.now();
  const { idInTest } = exec.vu;
  const key = { 'Idempotency-Key': `load-${began}-${idInTest}-${exec.vu.iterationInInstance}` };
  const submitted = asked(() =>
    http.post(`${host}/api/v1/tasks`, payload, {
      headers: { ...headers, ...key },
      tags: { name: 'submit' },
    }),
  );
  if (!check(submitted, { submitted: (answer) => answer.status === 200 })) return;
  const taskId = submitted.json('task_id');
  let status;
  do {
    sleep(poll);
    const found = asked(() =>
      http.get(`${host}/api/v1/tasks/${taskId}`, { headers, tags: { name: 'poll' } }),
    );
    if (!check(found, { polled: (answer) => answer.status === 200 })) return;
    status = found.json('status');
  } while (!ended.includes(status));
  taskSeconds.add((Date.now() - began) / 1000);
  outcomes.add(1, { status });
}
