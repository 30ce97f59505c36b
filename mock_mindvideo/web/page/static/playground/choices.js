// Which of several schemas, or types, a value follows. What is chosen stays chosen while it is edited.
import { html } from "../html.js";
import { say } from "../words.js";
import { draft, edit, forget, redraw, root } from "./draft.js";
import { adapted, blank, initial, withBranch } from "./initial.js";
import { branchOf, text } from "./shapes.js";
import { plain } from "./merge.js";
import { own, pointer, typeOf } from "./values.js";

/** @typedef {import("./values.js").Path} Path */
/** @typedef {import("./merge.js").Choice} Choice */

/** @param {Path} path @param {number | string} which */
const keyOf = (path, which) => `${pointer(path)}/?${which}`;

/** The branch at a place: as it was chosen, else as the value says; while one edits, it stays. @param {Path} path @param {number} number @param {Choice} choice @param {any} value @returns {number} */
export function branchAt(path, number, choice, value) {
  const key = keyOf(path, number);
  const chosen = draft.chosen.get(key);
  if (chosen !== undefined && chosen < choice.branches.length) return chosen;
  const found = branchOf(choice, value, root());
  if (value !== undefined) draft.chosen.set(key, found);
  return found;
}

/** The type at a place. What is typed into a number's field is text until it is one, and the field stays. @param {Path} path @param {string[]} types @param {any} value @returns {string | undefined} */
export function typeAt(path, types, value) {
  const key = keyOf(path, "type");
  const chosen = types.find((each) => each === draft.chosen.get(key));
  if (value === undefined) return chosen ?? types[0];
  const type = typeOf(value);
  const numeric = types.find((each) => each === "number" || each === "integer");
  if (type === "string" && numeric && (chosen === numeric || !types.includes(type))) return numeric;
  const found = types.includes(type) ? type : type === "integer" || type === "number" ? numeric : undefined;
  if (found) draft.chosen.set(key, found);
  return found ?? (types.length > 1 ? undefined : types[0]);
}

/** @param {any} props */
export function ChoiceOfBranch({ path, id, label, value, choice, branch, number, outer }) {
  const choose = (/** @type {any} */ event) => {
    const chosen = Number(event.target.value);
    const key = keyOf(path, number);
    draft.left.set(`${key}#${branch}`, value);
    const kept = draft.left.get(`${key}#${chosen}`);
    forget(path);
    for (const each of draft.chosen.keys()) if (each.startsWith(keyOf(path, "")) && each > key) draft.chosen.delete(each);
    draft.chosen.set(key, chosen);
    const schema = withBranch(outer, choice, chosen, root());
    const made = kept ?? adapted(value, schema, root());
    edit(path, made === undefined && value !== undefined ? blankOf(schema) : made);
  };
  const names = choice.branches.map((/** @type {any} */ each, /** @type {number} */ index) => nameOf(each, index));
  return html`
    <label class="choice"><span class="hidden">${say("pg.branch", { what: label })}</span>
      <select id=${`${id}?branch${number}`} onChange=${choose}>
        ${names.map((/** @type {string} */ name, /** @type {number} */ index) => html`<option value=${String(index)} selected=${index === branch}>${name}</option>`)}
      </select>
    </label>
  `;
}

/** @param {any} schema */
const blankOf = (schema) => blank([own(plain(schema, undefined, root()).schema, "type")].flat()[0]);

/** What a branch is called: its title, what tells it apart, or its type. @param {any} branch @param {number} index */
function nameOf(branch, index) {
  const { schema } = plain(branch, undefined, root());
  const title = text(own(branch, "title")) || text(own(schema, "title"));
  if (title) return title;
  const fixed = Object.values(own(schema, "properties") ?? {}).map((each) => own(each, "const") ?? (own(each, "enum")?.length === 1 ? each.enum[0] : undefined));
  const telling = fixed.find((each) => typeof each === "string");
  if (telling) return telling;
  const [type] = [own(schema, "type")].flat();
  const members = type === "object" || own(schema, "properties") ? Object.keys(own(schema, "properties") ?? {}).slice(0, 3).join(", ") : "";
  const named = members || (typeof type === "string" ? say(`pg.type.${type}`) : "");
  return named ? `${index + 1}: ${named}` : say("pg.option", { number: index + 1 });
}

/** @param {any} props */
export function ChoiceOfType({ path, id, label, value, plain: schema, types, type, required, fixed }) {
  const choose = (/** @type {any} */ event) => {
    const chosen = event.target.value;
    const key = keyOf(path, "type");
    if (type) draft.left.set(`${key}#${type}`, value);
    draft.chosen.set(key, chosen);
    const kept = draft.left.get(`${key}#${chosen}`);
    const { default: _, ...bare } = schema;
    edit(path, kept ?? initial({ ...bare, type: chosen }, root()) ?? blank(chosen, own(schema, "minimum")));
  };
  return html`
    <label class="choice"><span class="hidden">${say("pg.type", { what: label })}</span>
      <select id=${`${id}?type`} onChange=${choose}>
        ${!type && html`<option value="" selected disabled>${say(`pg.type.${typeOf(value)}`)}</option>`}
        ${types.map((/** @type {string} */ each) => html`<option value=${each} selected=${each === type}>${say(`pg.type.${each}`)}</option>`)}
      </select>
    </label>
  `;
}
