// Arrays: an item a row, moved, taken out and added; files become items.
import { html } from "../html.js";
import { say } from "../words.js";
import { edit, forget, root } from "./draft.js";
import { Field } from "./field.js";
import { Frame, idOf } from "./frame.js";
import { filled } from "./initial.js";
import { itemSchema } from "./judge.js";
import { plain } from "./merge.js";
import { Thumbnail } from "./thumbnails.js";
import { hints, indexOf, text } from "./shapes.js";
import { ArrayUpload } from "./uploads.js";
import { own } from "./values.js";

/** @param {any} props */
export function ArrayField(props) {
  const { plain: schema, value = [], path, choices } = props;
  const { maxItems = Infinity } = schema;
  const set = setOf(schema, value);
  const given = { ...props, items: value, limit: limitOf(schema, value.length) };
  if (set) return html`<${Frame} ...${given} group>${choices}<${Checks} ...${given} listed=${set} /><//>`;
  const next = itemSchema(schema, value.length);
  const add = () => edit(path, [...value, filled(next, root()) ?? null]);
  return html`
    <${Frame} ...${given} group>
      ${choices}
      <ol class="items">${value.map((/** @type {any} */ each, /** @type {number} */ index) => html`<${Item} ...${given} item=${each} index=${index} key=${index} />`)}</ol>
      <div class="buttons">
        ${hints(schema).widget === "file-upload" && html`<${ArrayUpload} ...${given} />`}
        <button type="button" id=${props.id} disabled=${next === false || value.length >= maxItems} onClick=${add}>${say("pg.add.item", { what: props.label })}</button>
      </div>
    <//>
  `;
}

/** @param {any} schema @param {number} count */
function limitOf({ minItems, maxItems, uniqueItems }, count) {
  const told = [maxItems === undefined ? say("pg.items", { count }) : say("pg.items.most", { count, most: Number(maxItems) })];
  if (minItems > 0) told.push(say("pg.items.least", { least: Number(minItems) }));
  if (uniqueItems === true) told.push(say("pg.unique"));
  return told.join(" · ");
}

/** @param {any} props */
function Item({ plain: schema, items: value, path, item, index, label, required, fixed: kept }) {
  const move = (/** @type {number} */ by) => () => {
    const items = value.filter((/** @type {any} */ _, /** @type {number} */ at) => at !== index);
    if (by) items.splice(index + by, 0, item);
    forget(path);
    edit(path, items.length || required || kept || !(Number(own(schema, "minItems")) > 0) ? items : undefined);
  };
  const name = `${label} ${index + 1}`;
  const button = (/** @type {string} */ which, /** @type {string} */ sign, /** @type {number} */ by, /** @type {boolean} */ off) => html`
    <button type="button" class="plain small" id=${`${idOf([...path, String(index)])}?${which}`} aria-label=${say(`pg.${which}`, { what: name })} title=${say(`pg.${which}`, { what: name })} disabled=${off} onClick=${move(by)}>${sign}</button>`;
  const fixed = index < tupleLength(schema);
  const inner = itemSchema(schema, index);
  const title = text(own(plain(inner, item, root()).schema, "title"));
  return html`
    <li class="item">
      <${Thumbnail} path=${path} index=${index} item=${item} />
      <${Field} schema=${inner} value=${item} path=${[...path, String(index)]} label=${!title ? name : fixed ? title : `${title} ${index + 1}`} fixed forced />
      <span class="moves">
        ${!fixed && button("up", "↑", -1, index <= tupleLength(schema))}
        ${!fixed && button("down", "↓", 1, index === value.length - 1)}
        ${button("remove", "×", 0, false)}
      </span>
    </li>
  `;
}

/** @param {any} schema */
const tupleLength = (schema) => (own(schema, "prefixItems") ?? (Array.isArray(own(schema, "items")) ? schema.items : [])).length;

/** The values of a set, where the items are chosen from a list, each once. @param {any} schema @param {any[]} value @returns {any[] | null} */
function setOf(schema, value) {
  const listed = own(plain(itemSchema(schema, 0), undefined, root()).schema, "enum");
  if (own(schema, "uniqueItems") !== true || !Array.isArray(listed) || tupleLength(schema) || own(schema, "items") === undefined) return null;
  const places = value.map((each) => indexOf(listed, each));
  return places.includes(-1) || new Set(places).size < places.length ? null : listed;
}

/** @param {any} props */
function Checks({ path, items: value, listed, id }) {
  const toggle = (/** @type {any} */ each) => () => {
    const at = indexOf(value, each);
    edit(path, at < 0 ? [...value, each] : value.filter((/** @type {any} */ _, /** @type {number} */ index) => index !== at));
  };
  return html`<div class="checks" id=${id} tabindex="-1">${listed.map((/** @type {any} */ each) => html`
    <label><input type="checkbox" checked=${indexOf(value, each) >= 0} onChange=${toggle(each)} /> ${typeof each === "string" ? each : JSON.stringify(each)}</label>`)}</div>`;
}
