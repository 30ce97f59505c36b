// One value of the input as a control: which one is decided by its schema and by what the value is.
import { html } from "../html.js";
import { say } from "../words.js";
import { ArrayField } from "./arrays.js";
import { ChoiceOfBranch, ChoiceOfType, branchAt, typeAt } from "./choices.js";
import { draft, edit, root } from "./draft.js";
import { Frame, RemoveButton, idOf } from "./frame.js";
import { filled, withBranch } from "./initial.js";
import { plain } from "./merge.js";
import { ObjectField } from "./objects.js";
import { RawField } from "./raw.js";
import { hints, listed, offered, text, typesOf } from "./shapes.js";
import { BooleanField, ConstField, EnumField, NullField, NumberField, StringField } from "./scalars.js";
import { isObject, own, typeOf } from "./values.js";

/**
 * @typedef {{ schema: any, value: any, path: import("./values.js").Path, label: string, required?: boolean,
 *   fixed?: boolean, forced?: boolean, more?: any, missing?: import("./draft.js").Violation[] }} FieldProps
 * `fixed` values cannot be taken out by the field, `forced` labels go before titles; `missing` is told of it by the object around it
 * @typedef {FieldProps & { plain: any, id: string }} ControlProps `plain` is the schema, references followed and joined
 */

/** Choices inside of choices that are followed. */
const MOST = 8;

/** @param {FieldProps} props */
export function Field(props) {
  const { value, path } = props;
  const found = settle(props);
  const control = controlOf(found.schema, value, found.type, found.never);
  const given = { ...props, plain: found.schema, id: idOf(path), label: labelOf(props, found.schema) };
  const choices = [...found.branches.map((each) => html`<${ChoiceOfBranch} ...${given} ...${each} />`), found.types.length > 1 && html`<${ChoiceOfType} ...${given} types=${found.types} type=${found.type} />`];
  if (isLazy(control, props, found.schema)) return html`<${Absent} ...${given} choices=${choices} />`;
  return html`<${control} ...${given} choices=${choices} />`;
}

/** @param {FieldProps} props */
function settle({ schema, value, path }) {
  let found = plain(schema, value, root());
  /** @type {{ choice: import("./merge.js").Choice, branch: number, number: number, outer: import("./merge.js").Plain }[]} */
  const branches = [];
  for (let number = 0; number < MOST; number++) {
    const choice = offered(found, root());
    if (!choice) break;
    const list = own(found.schema, "properties") ? null : listed(choice, root());
    if (list) {
      const choices = found.choices.filter((each) => each !== choice);
      found = { ...found, choices, schema: { ...found.schema, enum: list.map((each) => each.value), titles: list.map((each) => each.title) } };
    } else {
      const branch = branchAt(path, number, choice, value);
      branches.push({ choice, branch, number, outer: found });
      found = plain(withBranch(found, choice, branch, root()), value, root());
    }
  }
  const types = typesOf(found.schema).filter((each, _, all) => each !== "integer" || !all.includes("number"));
  const single = own(found.schema, "const") !== undefined || Array.isArray(own(found.schema, "enum"));
  return { ...found, branches, types: single ? [] : types, type: typeAt(path, types, value) };
}

/** @param {any} schema @param {any} value @param {string | undefined} type @param {boolean} never @returns {any} */
function controlOf(schema, value, type, never) {
  if (never) return RawField;
  if (own(schema, "const") !== undefined) return ConstField;
  if (Array.isArray(own(schema, "enum"))) return EnumField;
  const has = value === undefined ? type : typeOf(value);
  if (has === "object") return type === "object" ? ObjectField : RawField;
  if (has === "array") return type === "array" ? ArrayField : RawField;
  if (type === "number" || type === "integer") return ["string", "number", "integer"].includes(has ?? "") ? NumberField : RawField;
  if (has !== type) return RawField;
  if (type === "string") return StringField;
  return type === "boolean" ? BooleanField : type === "null" ? NullField : RawField;
}

/** Whether a control is opened only when asked: so a schema that holds itself has an end. @param {any} control @param {FieldProps} props @param {any} schema */
const isLazy = (control, { value }, schema) =>
  value === undefined && [ObjectField, ArrayField, RawField, NullField].includes(control) && !(control === ArrayField && hints(schema).widget === "file-upload");

/** A value that is not there, and could be. @param {any} props */
function Absent(props) {
  const { path, schema, label, required, choices } = props;
  const add = () => edit(path, filled(withChosen(props), root()) ?? null);
  return html`
    <${Frame} ...${props} group>
      ${choices}
      <button type="button" id=${props.id} onClick=${add}>${say(required ? "pg.fill" : "pg.add", { what: label })}</button>
    <//>
  `;
}

/** The schema in the branch and the type that are chosen for it. @param {any} props */
function withChosen({ schema, value, path }) {
  const { schema: inner, type } = settle({ schema, value, path, label: "" });
  const listed = Array.isArray(own(inner, "enum")) || own(inner, "const") !== undefined;
  return type && !listed ? { ...inner, type } : inner;
}

/** @param {FieldProps} props @param {any} schema */
const labelOf = ({ label, schema: given, forced }, schema) => (!forced && isObject(given) && text(own(given, "title"))) || (!forced && text(own(schema, "title"))) || label;
