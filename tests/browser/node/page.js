// What a page does with the API, with nothing but what browsers and common libraries have.
import { EventSource } from "eventsource";
import { createEventSource } from "eventsource-client";
import { fetchEventSource } from "@microsoft/fetch-event-source";

// What tracing, caching and SDKs add to a page's requests; each is a question in the preflight.
const ADDED = {
  "Cache-Control": "no-cache",
  "X-Requested-With": "XMLHttpRequest",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  baggage: "userId=alice",
  "sentry-trace": "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1",
  "x-stainless-os": "Unknown",
  "x-stainless-retry-count": "0",
};
const TASKS = "/api/v1/tasks";
const authorized = (key) => ({ Authorization: `Bearer ${key}`, ...ADDED });
const ended = (event) => "cost_actual" in JSON.parse(event.data).task;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function told(answer) {
  const text = await answer.text();
  const headers = Object.fromEntries(answer.headers);
  let body = text;
  try {
    body = JSON.parse(text);
  } catch {}
  return { status: answer.status, headers, body };
}

async function ask(base, method, path, key, { headers = {}, body } = {}) {
  const auth = key ? authorized(key) : ADDED;
  return told(await fetch(base + path, { method, headers: { ...auth, ...headers }, body }));
}

function submit(base, key, input, headers = {}) {
  const json = { "Content-Type": "application/json", ...headers };
  return ask(base, "POST", TASKS, key, { headers: json, body: JSON.stringify(input) });
}

async function finish(base, key, id) {
  for (;;) {
    const { body } = await ask(base, "GET", `${TASKS}/${id}`, key);
    if ("cost_actual" in body) return body;
    await pause(50);
  }
}

// Follow the events by fetch, cutting the stream into lines by hand.
async function follow(base, key, id) {
  const answer = await fetch(`${base}${TASKS}/${id}/events`, { headers: authorized(key) });
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    text += value;
  }
  return [...text.matchAll(/^event: (.*)$/gm)].map((found) => found[1]);
}

const KINDS = ["task.queued", "task.processing", "task.succeeded"];

const LIBRARIES = {
  eventsource: (url, key) =>
    new Promise((resolve) => {
      const seen = [];
      const withKey = (input, init) =>
        fetch(input, { ...init, headers: { ...init.headers, ...authorized(key) } });
      const source = new EventSource(url, { fetch: withKey });
      for (const kind of KINDS) {
        source.addEventListener(kind, (event) => {
          seen.push(event.type);
          if (!ended(event)) return;
          source.close();
          resolve(seen);
        });
      }
    }),
  "eventsource-client": (url, key) =>
    new Promise((resolve) => {
      const seen = [];
      const source = createEventSource({
        url,
        headers: authorized(key),
        onMessage: (event) => {
          seen.push(event.event);
          if (!ended(event)) return;
          source.close();
          resolve(seen);
        },
      });
    }),
  "fetch-event-source": async (url, key) => {
    const seen = [];
    await fetchEventSource(url, {
      headers: authorized(key),
      openWhenHidden: true,
      onmessage: (event) => event.data && seen.push(event.event),
    });
    return seen;
  },
};

const library = (name, base, key, id) => LIBRARIES[name](`${base}${TASKS}/${id}/events`, key);

async function upload(base, key, bytes, name) {
  const form = new FormData();
  form.append("file", new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const made = await ask(base, "POST", "/_mock/uploads", key, { body: form });
  if (made.status !== 201) return made;
  const back = new Uint8Array(await (await fetch(made.body.url)).arrayBuffer());
  return { ...made, same: bytes.length === back.length && bytes.every((b, i) => b === back[i]) };
}

const once = (target, name) =>
  new Promise((resolve, reject) => {
    target.addEventListener(name, resolve, { once: true });
    target.addEventListener("error", () => reject(new Error(target.error?.message)), { once: true });
  });

// Play a clip, seek in it, and read its pixels, which a page may only do if CORS allows it.
async function play(url) {
  const video = document.createElement("video");
  Object.assign(video, { crossOrigin: "anonymous", muted: true, preload: "auto" });
  document.body.append(video);
  const ready = once(video, "canplay");
  video.src = url;
  await ready;
  await video.play();
  while (video.currentTime < 0.3) await pause(20);
  const advanced = video.currentTime;
  video.pause();
  const landed = once(video, "seeked");
  video.currentTime = video.duration - 1;
  await landed;
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width: 8, height: 8 });
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 8, 8);
  const pixels = context.getImageData(0, 0, 8, 8).data.length;
  const { videoWidth: width, videoHeight: height, duration, currentTime } = video;
  return { advanced, width, height, duration, currentTime, pixels };
}

async function part(url) {
  const answer = await fetch(url, { headers: { ...ADDED, Range: "bytes=0-99,200-299" } });
  const { headers, status } = await told(answer);
  const single = await told(await fetch(url, { headers: { ...ADDED, Range: "bytes=0-99" } }));
  return { status, kind: headers["content-type"], place: single.headers["content-range"] };
}

window.mock = { ask, submit, finish, follow, library, upload, play, part };
