// The two documents of the mock, shown by Swagger UI: the emulated API's, and the control plane's.
import { call, keyOf, ROOT } from "../api.js";
import { say, speak } from "../words.js";
import { keepLinked } from "./grounds.js";
import { keepNamed } from "./named.js";

/** Where each is, by the name that the address has for it. */
const DOCUMENTS = { api: "_mock/openapi.json", control: "_mock/control-openapi.json" };

/** Swagger UI's builder, which its file leaves behind. @type {any} */
const swagger = Reflect.get(window, "SwaggerUIBundle");

const asked = new URLSearchParams(location.search);
const world = asked.get("world") ?? "default";
const name = asked.get("document") === "control" ? "control" : "api";

/** The other document, and the way back to the page. */
function navigation() {
  const links = Object.keys(DOCUMENTS).map((each) => {
    const link = document.createElement("a");
    link.href = `?${new URLSearchParams({ document: each, world })}`;
    link.textContent = say(`docs.${each}`);
    if (each === name) link.setAttribute("aria-current", "page");
    return link;
  });
  const nav = /** @type {HTMLElement} */ (document.querySelector("nav"));
  nav.setAttribute("aria-label", say("views"));
  nav.replaceChildren(...links);
  const home = /** @type {HTMLAnchorElement} */ (document.querySelector("h1 a"));
  home.hash = `/${encodeURIComponent(world)}/tasks`;
}

/** The document with this very server in it, so that a request can be tried whatever the links say. */
async function described() {
  const found = await call(world, "GET", DOCUMENTS[name]);
  return { ...found, servers: [{ url: ROOT.href.replace(/\/$/, "") }] };
}

/** One server needs no choice. */
const noServers = { wrapComponents: { ServersContainer: () => () => null } };

function followColours() {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const set = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", set);
  set();
}

await speak();
followColours();
navigation();
document.querySelector("noscript")?.remove();
const main = /** @type {HTMLElement} */ (document.querySelector("main"));
keepNamed(main);
keepLinked(main, world);
const ui = swagger({
  domNode: main,
  spec: await described(),
  plugins: [noServers],
  validatorUrl: null,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  showExtensions: true,
  syntaxHighlight: { theme: "tomorrow-night" },
  onComplete: () => ui.preauthorizeApiKey("ApiKey", keyOf(world)),
});
