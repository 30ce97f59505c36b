// A page of the mock in Chromium, told what to do: one JSON line each, one line answers it.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

/** Milliseconds that are waited for what has to come, however busy the machine is. */
const PATIENCE = 60_000;

const [executablePath] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
flags.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
const browser = await chromium.launch({ executablePath, headless: true, args: flags, timeout: PATIENCE });
const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 800 } });
await context.grantPermissions(["clipboard-read", "clipboard-write"]);
context.setDefaultTimeout(PATIENCE);
const page = await context.newPage();
let heard = [];
page.on("console", (line) => line.type() === "error" && heard.push(line.text()));
page.on("pageerror", (error) => heard.push(String(error)));
page.on("request", (request) => asked.push(request.url()));
page.on("dialog", (dialog) => dialog.accept());
let asked = [];

const DEEDS = {
  goto: (url) => page.goto(url).then(() => null),
  show: (hash) => page.evaluate(show, hash),
  click: (selector, seen) => Promise.all([seen && page.waitForSelector(seen), page.click(selector)]).then(drawn),
  fill: (selector, text) => page.fill(selector, text).then(drawn),
  choose: (selector, value) => page.selectOption(selector, value).then(drawn),
  reload: () => page.reload().then(() => null),
  drawn: () => drawn(),
  files: (selector, ...files) => page.setInputFiles(selector, files).then(drawn),
  check: (selector, on) => page.setChecked(selector, on).then(drawn),
  type: (selector, text) => page.locator(selector).pressSequentially(text).then(drawn),
  press: (key) => page.keyboard.press(key).then(drawn),
  text: (selector) => page.innerText(selector),
  wait: (selector) => page.waitForSelector(selector).then(() => null),
  gone: (selector) => page.waitForSelector(selector, { state: "detached" }).then(() => null),
  until: (code) => until(code),
  hold: (which, url) => page.route(url, (route) => HOLDS[which](route).finally(() => (held -= 1))),
  held: (count) => comesTrue(() => held >= count, `${count} held`),
  release: () => release(),
  run: (code) => page.evaluate(code),
  errors: () => heard.splice(0),
  asked: () => asked.splice(0),
  size: (width, height) => page.setViewportSize({ width, height }).then(drawn),
  dark: (on) => page.emulateMedia({ colorScheme: on ? "dark" : "light" }),
  shot: (file) => page.screenshot({ path: file }).then(() => null),
  script: (file) => page.evaluate(file),
  offline: (on) => context.setOffline(on),
  paint: (url) => paint(url),
  heap: () => heap(),
  clipboard: () => page.evaluate("navigator.clipboard.readText()"),
};

/** What was done is drawn: the page draws in the next frame what changed, and hears of a new address before that.
 * Where it led to another document, there is nothing left to wait for. */
async function drawn() {
  await page
    .evaluate(() => new Promise((done) => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(done)))))
    .catch((left) => {
      if (!/context was destroyed|navigat/i.test(String(left))) throw left;
    });
  return null;
}

/** In the page: go to a place of it, which is drawn then. */
function show(hash) {
  return new Promise((done) => {
    const shown = () => requestAnimationFrame(() => requestAnimationFrame(() => done(null)));
    if (location.hash === hash) return shown();
    window.addEventListener("hashchange", shown, { once: true });
    location.hash = hash;
  });
}

/** What is held back on its way: how many there are, and what lets them go on. */
let held = 0;
let letGo = () => {};
let gate = new Promise((done) => (letGo = done));

async function stand() {
  held += 1;
  await gate;
}

/** Requests wait before the mock hears of them; answers, after it gave them. */
const HOLDS = {
  requests: (route) => stand().then(() => route.continue()),
  answers: async (route) => {
    const response = await route.fetch();
    await stand();
    await route.fulfill({ response });
  },
};

async function release() {
  letGo();
  await page.unrouteAll({ behavior: "wait" });
  gate = new Promise((done) => (letGo = done));
  return null;
}

// The page's policy forbids code in strings, and so what Playwright would wait with.
const until = (code) => comesTrue(() => page.evaluate(code), code);

async function comesTrue(check, told) {
  const end = Date.now() + PATIENCE;
  while (!(await check())) {
    if (Date.now() > end) throw new Error(`never true: ${told}`);
    await page.waitForTimeout(50);
  }
}

/** Milliseconds until a new visitor sees something: nothing is in any cache. */
async function paint(url) {
  const fresh = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 800 } });
  const visited = await fresh.newPage();
  await visited.goto(url);
  const found = await visited.evaluate(`new Promise((done) => new PerformanceObserver((seen) =>
    seen.getEntriesByName("first-contentful-paint").forEach((each) => done(each.startTime)),
  ).observe({ type: "paint", buffered: true }))`);
  await fresh.close();
  return found;
}

/** Bytes that the page's objects take, once what nobody needs is gone. */
async function heap() {
  const session = await context.newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

const reply = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
reply({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const { call, args } = JSON.parse(line);
  try {
    reply({ value: (await DEEDS[call](...args)) ?? null });
  } catch (error) {
    reply({ error: String(error) });
  }
}
await browser.close();
process.exit(0);
