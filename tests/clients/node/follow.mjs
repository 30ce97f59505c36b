// Follow a task with an SSE client from npm until its terminal event; print [sequence, type, …].
const [library, url, key] = process.argv.slice(2);
const headers = { Authorization: `Bearer ${key}` };
const seen = [];
const ended = (event) => "cost_actual" in JSON.parse(event.data).task;

async function withEventSource() {
  const { EventSource } = await import("eventsource");
  await new Promise((resolve) => {
    const withKey = (input, init) =>
      fetch(input, { ...init, headers: { ...init.headers, ...headers } });
    const source = new EventSource(url, { fetch: withKey });
    for (const kind of ["task.queued", "task.processing", "task.succeeded"]) {
      source.addEventListener(kind, (event) => {
        seen.push([Number(event.lastEventId), event.type]);
        if (ended(event)) {
          source.close();
          resolve();
        }
      });
    }
  });
}

async function withEventSourceClient() {
  const { createEventSource } = await import("eventsource-client");
  await new Promise((resolve) => {
    const source = createEventSource({
      url,
      headers,
      onMessage: (event) => {
        seen.push([Number(event.id), event.event]);
        if (ended(event)) {
          source.close();
          resolve();
        }
      },
    });
  });
}

async function withFetchEventSource() {
  // The library is written for browsers; these are the few names of theirs that it uses.
  globalThis.window = globalThis;
  globalThis.document = {
    hidden: false,
    addEventListener() {},
    removeEventListener() {},
  };
  const { fetchEventSource } = await import("@microsoft/fetch-event-source");
  const controller = new AbortController();
  await fetchEventSource(url, {
    headers,
    signal: controller.signal,
    fetch: globalThis.fetch,
    onmessage: (event) => {
      if (!event.data) return; // `retry:` alone, which this library gives as an event
      seen.push([Number(event.id), event.event]);
      if (ended(event)) controller.abort();
    },
    onclose: () => {
      if (!controller.signal.aborted) throw new Error("cut, so connect again");
    },
    onerror: () => 10,
  });
}

const LIBRARIES = {
  eventsource: withEventSource,
  "eventsource-client": withEventSourceClient,
  "fetch-event-source": withFetchEventSource,
};
await LIBRARIES[library]();
console.log(JSON.stringify(seen));
process.exit(0);
