// The frame of every view: worlds, time, the views' names, and what went wrong.
import { html } from "../html.js";
import { link } from "../route.js";
import { act, changed, state } from "../store.js";
import { LANGUAGES, language, say, speak } from "../words.js";
import { Clock } from "./clock.js";
import { Help } from "./help.js";
import { Journal } from "./journal.js";
import { Keys } from "./keys.js";
import { Ledger } from "./ledger.js";
import { Models } from "./models.js";
import { Rules } from "./rules.js";
import { Scripts } from "./scripts.js";
import { TaskView } from "./task.js";
import { Tasks } from "./tasks.js";

/** A sheet of styles, once it is there. @param {string} name @returns {Promise<void>} */
const sheet = (name) => new Promise((done) => {
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL(`../${name}`, import.meta.url).href });
  link.onload = link.onerror = () => done();
  document.head.append(link);
});

/** A view whose files are fetched when it is first opened: the page is there sooner without them. @param {() => Promise<any>} fetch */
function later(fetch) {
  /** @type {any} */
  let view;
  /** @type {Promise<void> | undefined} */
  let asked;
  const have = async () => {
    view = await fetch();
    changed();
  };
  return () => {
    if (view) return html`<${view} />`;
    asked ??= have().catch(() => (asked = undefined)); // once, however often this is drawn meanwhile
    return html`<p aria-busy="true">${say("loading")}</p>`;
  };
}

const VIEWS = {
  tasks: () => (state.place.item ? html`<${TaskView} id=${state.place.item} key=${state.place.item} />` : html`<${Tasks} />`),
  playground: later(() => Promise.all([import("./playground.js"), sheet("playground.css")]).then(([found]) => found.Playground)),
  journal: () => html`<${Journal} />`,
  scripts: () => html`<${Scripts} />`,
  ledger: () => html`<${Ledger} />`,
  keys: () => html`<${Keys} />`,
  models: () => html`<${Models} />`,
  rules: () => html`<${Rules} />`,
};

export function Layout() {
  const { place } = state;
  const view = VIEWS[/** @type {keyof typeof VIEWS} */ (place.view)] ?? VIEWS.tasks;
  return html`
    <a class="skip" href="#main" onClick=${skip}>${say("skip")}</a>
    <header>
      <h1><a href=${link(place, { view: "tasks" })}>mock-mindvideo</a></h1>
      <${Worlds} />
      <${Clock} />
    </header>
    <nav aria-label=${say("views")}>
      ${Object.keys(VIEWS).map(
        (name) => html`<a href=${link(place, { view: name })} aria-current=${place.view === name ? "page" : undefined}>${say(name)}</a>`,
      )}
      <a href=${docs(place.world)}>${say("docs")}</a>
      <${Language} />
      <button class="plain" aria-expanded=${state.help} onClick=${toggleHelp}>${say("keyboard")} <kbd>?</kbd></button>
    </nav>
    ${state.help && html`<${Help} />`}
    <div role="status" class="told">
      ${!state.connected && html`<p class="problem">${say("lost")}</p>`}
      ${state.problem && html`<p class="problem">${state.problem}</p>`}
      ${state.notice && html`<p class="notice">${state.notice}</p>`}
    </div>
    <main id="main" tabindex="-1">${state.loaded ? view() : html`<p aria-busy="true">${say("loading")}</p>`}</main>
  `;
}

/** The reference of the API, with the world's key in it. @param {string} world */
const docs = (world) => new URL(`docs/?world=${encodeURIComponent(world)}`, new URL("../", import.meta.url)).href;

function toggleHelp() {
  state.help = !state.help;
  changed();
}

/** @param {Event} event */
function skip(event) {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function Worlds() {
  const { place } = state;
  const known = state.worlds.map((each) => each.world);
  const names = known.includes(place.world) ? known : [place.world, ...known];
  const count = (/** @type {string} */ name) => state.worlds.find((each) => each.world === name)?.tasks ?? 0;
  const go = (/** @type {any} */ event) => (location.hash = link(place, { world: event.target.value }));
  const reset = () => confirm(say("reset.sure", { world: place.world })) && act("POST", "reset", {});
  return html`
    <div class="worlds">
      <label>${say("world")}
        <select id="world" value=${place.world} onChange=${go}>
          ${names.map((name) => html`<option value=${name} selected=${name === place.world}>${name} (${count(name)})</option>`)}
        </select>
      </label>
      <button class="plain" onClick=${reset}>${say("reset")}</button>
    </div>
  `;
}

function Language() {
  const choose = async (/** @type {any} */ event) => {
    await speak(event.target.value);
    changed();
  };
  return html`
    <label class="language"><span class="hidden">${say("language")}</span>
      <select onChange=${choose}>
        ${Object.entries(LANGUAGES).map(([code, name]) => html`<option value=${code} selected=${code === language()}>${name}</option>`)}
      </select>
    </label>
  `;
}
