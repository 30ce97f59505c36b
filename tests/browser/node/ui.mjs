// A page of the mock in Chromium, told what to do: one JSON line each, one line answers it.
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const [executablePath] = process.argv.slice(2);
const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"];
flags.push("--disable-background-networking", "--disable-component-update", "--disable-sync");
const browser = await chromium.launch({ executablePath, headless: true, args: flags });
const context = await browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 800 } });
await context.grantPermissions(["clipboard-read", "clipboard-write"]);
context.setDefaultTimeout(20000);
const page = await context.newPage();
let heard = [];
page.on("console", (line) => line.type() === "error" && heard.push(line.text()));
page.on("pageerror", (error) => heard.push(String(error)));
page.on("request", (request) => asked.push(request.url()));
page.on("dialog", (dialog) => dialog.accept());
let asked = [];

const DEEDS = {
  goto: (url) => page.goto(url).then(() => null),
  click: (selector) => page.click(selector),
  fill: (selector, text) => page.fill(selector, text),
  choose: (selector, value) => page.selectOption(selector, value).then(() => null),
  reload: () => page.reload().then(() => null),
  drawn: () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))),
  files: (selector, ...files) => page.setInputFiles(selector, files),
  check: (selector, on) => page.setChecked(selector, on),
  type: (selector, text) => page.locator(selector).pressSequentially(text),
  press: (key) => page.keyboard.press(key),
  text: (selector) => page.innerText(selector),
  wait: (selector) => page.waitForSelector(selector).then(() => null),
  gone: (selector) => page.waitForSelector(selector, { state: "detached" }).then(() => null),
  until: (code) => until(code),
  run: (code) => page.evaluate(code),
  errors: () => heard.splice(0),
  asked: () => asked.splice(0),
  size: (width, height) => page.setViewportSize({ width, height }),
  dark: (on) => page.emulateMedia({ colorScheme: on ? "dark" : "light" }),
  shot: (file) => page.screenshot({ path: file }).then(() => null),
  script: (file) => page.evaluate(file),
  offline: (on) => context.setOffline(on),
  paint: (url) => paint(url),
  heap: () => heap(),
  clipboard: () => page.evaluate("navigator.clipboard.readText()"),
};

// The page's policy forbids code in strings, and so what Playwright would wait with.
async function until(code) {
  for (let tries = 0; tries < 400; tries++) {
    if (await page.evaluate(code)) return;
    await page.waitForTimeout(50);
  }
  throw new Error(`never true: ${code}`);
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
