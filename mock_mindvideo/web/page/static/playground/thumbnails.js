// References as pictures, each with the name that the prompt calls it by: a click writes it there.
import { html } from "../html.js";
import { ROOT } from "../api.js";
import { say } from "../words.js";
import { draft, edit, model, root } from "./draft.js";
import { idOf } from "./frame.js";
import { plain } from "./merge.js";
import { hints } from "./shapes.js";
import { isObject, own } from "./values.js";

/** The property that prompts stand in. */
const PROMPT = "prompt";

/** What the prompt calls an item; nothing where the model has no names for it. @param {string[]} path @param {number} index */
function nameOf(path, index) {
  const found = (model()?.references ?? []).find((/** @type {any} */ each) => path.length === 1 && each.property === path[0]);
  return found ? `${found.names[0]}${index + 1}` : "";
}

/** The address in an item: itself, or its first text that is one. @param {any} item @returns {string} */
export function urlOf(item) {
  if (typeof item === "string") return item;
  const texts = isObject(item) ? Object.entries(item).filter(([, each]) => typeof each === "string") : [];
  const [, url = ""] = texts.find(([name]) => /url|uri|src|href/i.test(name)) ?? texts.find(([, each]) => /^(https?|data):/i.test(each)) ?? [];
  return url;
}

/** Where the page may load it from; nothing where its policy forbids that. @param {string} url */
export function loadable(url) {
  if (/^data:image\/(png|jpeg|gif|webp|avif|bmp)[;,]/i.test(url)) return url;
  const path = /^https?:\/\/[^/]+(?:\/.*)?\/(media\/[^/]+\/uploads\/[\w.-]+)$/.exec(url)?.[1];
  return path ? new URL(path, ROOT).href : "";
}

/** Write a name into the prompt, where the cursor was. @param {string} name */
export function insert(name) {
  const field = document.getElementById(idOf([PROMPT]));
  const text = own(draft.input, PROMPT) ?? "";
  if (!(field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement) || typeof text !== "string") return;
  const [from, to] = [field.selectionStart ?? text.length, field.selectionEnd ?? text.length];
  const made = text.slice(0, from) + name + text.slice(to);
  edit([PROMPT], made);
  field.value = made;
  field.focus();
  field.setSelectionRange(from + name.length, from + name.length);
}

/** @param {{ path: string[], index: number, item: any }} given */
export function Thumbnail({ path, index, item }) {
  const name = nameOf(path, index);
  const kind = kindOf(path);
  if (!name && !kind) return null;
  const url = loadable(urlOf(item));
  const picture = !url
    ? html`<span class="none" aria-hidden="true">${kind}</span>`
    : kind === "video"
      ? html`<video src=${url} muted preload="metadata" aria-hidden="true" tabindex="-1"></video>`
      : html`<img src=${url} alt="" />`;
  if (!name || !promptIsText()) return html`<span class="thumbnail">${picture}</span>`;
  return html`
    <button type="button" class="thumbnail" aria-label=${say("pg.insert", { name })} title=${say("pg.insert", { name })} onClick=${() => insert(name)}>
      ${picture}<b>${name}</b>
    </button>
  `;
}

const promptIsText = () => own(plain(own(own(root(), "properties"), PROMPT) ?? false, undefined, root()).schema, "type") === "string";

/** What kind of file the items of an array are. @param {string[]} path */
function kindOf(path) {
  const schema = path.reduce((here, name) => own(own(plain(here, undefined, root()).schema, "properties"), name), root());
  const { uploadKind, accept, widget } = hints(plain(schema, undefined, root()).schema);
  return widget === "file-upload" ? String(uploadKind ?? accept ?? "file").split("/")[0] : "";
}
