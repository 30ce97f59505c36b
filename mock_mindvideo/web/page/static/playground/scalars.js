// Controls of single values: texts, numbers, yes and no, lists to choose from, what is fixed.
import { html } from "../html.js";
import { say } from "../words.js";
import { edit } from "./draft.js";
import { Frame, described } from "./frame.js";
import { NUMBER, Numeral, number, write } from "./json.js";
import { RawField } from "./raw.js";
import { hints, indexOf, text } from "./shapes.js";
import { TextUpload } from "./uploads.js";
import { length, own } from "./values.js";

/** @typedef {any} Props see `ControlProps` in field.js */

/** Characters that a text field would change or hide. */
const UNTYPED = /[\u0000-\u0008\u000b-\u001f\u007f]|\p{Cs}/u;

/** @param {Props} props */
export function StringField(props) {
  const { plain, value = "", path, required, choices } = props;
  if (UNTYPED.test(value)) return html`<${RawField} ...${props} />`;
  const given = { ...props, limit: limitOfText(plain, value) };
  const change = (/** @type {any} */ event) => edit(path, event.target.value || required || props.fixed ? event.target.value : undefined);
  const control = { ...described(given), value, onInput: change, placeholder: placeholder(plain), autocomplete: "off", spellcheck: false };
  return html`
    <${Frame} ...${given}>
      ${choices}
      ${isLong(plain, value)
        ? html`<textarea ...${control} rows=${rows(plain)}></textarea>`
        : html`<input ...${control} type=${kindOf(plain, value)} inputmode=${own(MODES, own(plain, "format"))} />`}
      ${hints(plain).widget === "file-upload" && html`<${TextUpload} ...${given} />`}
      ${props.value === "" && !required && html`<p class="limit">${say("pg.empty")}</p>`}
    <//>
  `;
}

const MODES = { uri: "url", url: "url", "uri-reference": "url", email: "email", "idn-email": "email" };

/** @param {any} plain */
const rows = (plain) => Math.min(Math.max(Number(hints(plain).rows) || 3, 1), 40);

/** @param {any} plain @param {string} value */
const isLong = (plain, value) => hints(plain).widget === "textarea" || /\n/.test(value) || Number(own(plain, "maxLength")) > 200;

/** A control of the browser's own where it keeps what it is given. @param {any} plain @param {string} value */
function kindOf(plain, value) {
  const format = own(plain, "format");
  if (format === "date" && (!value || /^\d{4}-(0[1-9]|1[0-2])-([01]\d|2[0-8])$/.test(value))) return "date";
  if (format === "color" && /^#[\da-f]{6}$/.test(value)) return "color";
  return format === "password" ? "password" : "text";
}

/** @param {any} plain */
function placeholder(plain) {
  if (typeof own(plain, "default") === "string") return plain.default;
  const [example] = [own(plain, "examples") ?? []].flat();
  if (typeof example === "string") return example;
  const known = { "date-time": "2026-01-31T12:00:00Z", date: "2026-01-31", time: "12:00:00Z", email: "name@example.com", uri: "https://example.com/", uuid: "00000000-0000-4000-8000-000000000000" };
  return own(known, own(plain, "format"));
}

/** @param {any} plain @param {string} value */
function limitOfText({ minLength, maxLength, pattern }, value) {
  const count = length(value);
  const told = [];
  if (maxLength !== undefined) told.push(say(count > maxLength ? "pg.over" : "pg.left", { count: Math.abs(maxLength - count), most: Number(maxLength) }));
  if (minLength > 1 && count < minLength) told.push(say("pg.short", { least: Number(minLength), count: minLength - count }));
  if (typeof pattern === "string") told.push(say("pg.pattern", { pattern }));
  return told.join(" · ");
}

/** @param {Props} props */
export function NumberField(props) {
  const { plain, value, path, choices, fixed } = props;
  const shown = value === undefined ? "" : typeof value === "string" ? value : write(value);
  const given = { ...props, limit: limitOfNumber(plain, value) };
  const change = (/** @type {any} */ event) => {
    const typed = event.target.value.trim();
    edit(path, typed || fixed ? (NUMBER.test(typed) ? number(typed) : event.target.value) : undefined);
  };
  return html`
    <${Frame} ...${given}>
      ${choices}
      <input ...${described(given)} type="text" class="number-field" inputmode="decimal" placeholder=${own(plain, "default") === undefined ? undefined : write(plain.default)} autocomplete="off" value=${shown} onInput=${change} />
    <//>
  `;
}

/** @param {any} schema @param {any} value */
function limitOfNumber(schema, value) {
  const bound = (/** @type {string} */ word, /** @type {string} */ sign) => {
    const limit = own(schema, word);
    return typeof limit === "number" || limit instanceof Numeral ? [`${sign} ${write(limit)}`] : [];
  };
  const [least, most] = [own(schema, "exclusiveMinimum") === true ? ">" : "≥", own(schema, "exclusiveMaximum") === true ? "<" : "≤"];
  const told = [...bound("minimum", least), ...bound("exclusiveMinimum", ">"), ...bound("maximum", most), ...bound("exclusiveMaximum", "<")];
  if (own(schema, "type") === "integer") told.unshift(say("pg.whole"));
  if (own(schema, "multipleOf") !== undefined) told.push(say("pg.steps", { step: write(schema.multipleOf) }));
  if (typeof value === "string") told.unshift(say("pg.nan"));
  return told.join(" · ");
}

/** @param {Props} props */
export function BooleanField(props) {
  const { value, path, plain, required, fixed, choices } = props;
  if (value !== undefined && (required || fixed || own(plain, "default") !== undefined)) {
    const change = (/** @type {any} */ event) => edit(path, event.target.checked);
    return html`<${Frame} ...${props} before=${html`<input ...${described(props)} type="checkbox" checked=${value} onChange=${change} />`}>${choices}<//>`;
  }
  return html`<${EnumField} ...${props} plain=${{ ...plain, enum: [true, false], titles: [say("pg.yes"), say("pg.no")] }} />`;
}

/** @param {Props} props */
export function EnumField(props) {
  const { plain, value, path, required, fixed, choices } = props;
  const at = indexOf(plain.enum, value);
  const foreign = value !== undefined && at < 0;
  const change = (/** @type {any} */ event) => edit(path, event.target.value === "" ? undefined : plain.enum[Number(event.target.value)]);
  return html`
    <${Frame} ...${props}>
      ${choices}
      <select ...${described(props)} onChange=${change}>
        ${(value === undefined || !(required || fixed)) && html`<option value="" selected=${value === undefined}>${value === undefined && required ? say("pg.choose") : unset(plain)}</option>`}
        ${foreign && html`<option value="foreign" selected disabled>${say("pg.foreign", { value: shown(value) })}</option>`}
        ${plain.enum.map((/** @type {any} */ each, /** @type {number} */ index) => html`<option value=${String(index)} selected=${index === at}>${titleOf(plain, each, index)}</option>`)}
      </select>
    <//>
  `;
}

/** What stands for a value that is not there: the default goes for it. @param {any} plain */
function unset(plain) {
  const preset = own(plain, "default");
  const at = preset === undefined ? -1 : indexOf(plain.enum, preset);
  return at < 0 ? "–" : say("pg.default", { value: titleOf(plain, preset, at) });
}

/** @param {any} plain @param {any} value @param {number} index */
function titleOf(plain, value, index) {
  const titles = own(plain, "titles") ?? own(plain, "enumNames") ?? own(plain, "x-enumNames");
  return (Array.isArray(titles) && text(titles[index])) || shown(value);
}

/** @param {any} value */
const shown = (value) => (typeof value === "string" && value ? value : write(value));

/** @param {Props} props */
export function ConstField(props) {
  return html`<${EnumField} ...${props} plain=${{ ...props.plain, enum: [props.plain.const] }} />`;
}

/** @param {Props} props */
export function NullField(props) {
  return html`<${Frame} ...${props} group>${props.choices}<p id=${props.id} class="limit" tabindex="-1"><code>null</code></p><//>`;
}
