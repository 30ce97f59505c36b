// Serve the page by Vite, open it in Chromium, and do in it what is asked, one JSON line each.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";
import { createServer } from "vite";

/** Milliseconds that are waited for what has to come, however busy the machine is. */
const PATIENCE = 60_000;

const [executablePath, profile, target] = process.argv.slice(2);
const forwarding = (prefix, more) => ({
  target,
  xfwd: true,
  headers: { "X-Forwarded-Prefix": prefix },
  ...more,
});
const vite = await createServer({
  configFile: false,
  root: import.meta.dirname,
  logLevel: "error",
  cacheDir: `${profile}/vite`,
  server: {
    port: 0,
    host: "127.0.0.1",
    hmr: false,
    allowedHosts: ["app.test"],
    proxy: {
      "/api": target,
      "/taken": forwarding("/taken", { rewrite: (path) => path.replace(/^\/taken/, "") }),
      "/kept": forwarding("/kept"),
    },
  },
  optimizeDeps: {
    include: ["eventsource", "eventsource-client", "@microsoft/fetch-event-source"],
  },
});
await vite.listen();
const { port } = vite.httpServer.address();
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
flags.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
flags.push("--autoplay-policy=no-user-gesture-required");
flags.push("--host-resolver-rules=MAP app.test 127.0.0.1");
const context = await chromium.launchPersistentContext(`${profile}/chromium`, {
  executablePath,
  headless: true,
  args: flags,
  timeout: PATIENCE,
});
context.setDefaultTimeout(PATIENCE);
const pages = {};
for (const [name, host] of Object.entries({ here: "127.0.0.1", foreign: "app.test" })) {
  pages[name] = await context.newPage();
  await pages[name].goto(`http://${host}:${port}/`);
  await pages[name].waitForFunction(() => "mock" in window);
}
pages.tab = await context.newPage();

// A link that is opened in a tab: what the browser makes of it.
async function open(url) {
  await pages.tab.goto(url);
  await pages.tab.waitForFunction(() => document.querySelector("video")?.readyState >= 2);
  return pages.tab.evaluate(() => {
    const video = document.querySelector("video");
    return { width: video.videoWidth, height: video.videoHeight, origin: window.origin };
  });
}

const reply = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
reply({ origin: `http://127.0.0.1:${port}` });
for await (const line of createInterface({ input: process.stdin })) {
  const { page, call, args } = JSON.parse(line);
  const run = ([name, given]) => window.mock[name](...given);
  try {
    reply({ value: call === "open" ? await open(...args) : await pages[page].evaluate(run, [call, args]) });
  } catch (error) {
    reply({ error: String(error) });
  }
}
await context.close();
await vite.close();
process.exit(0);
