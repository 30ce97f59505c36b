// Objects: the members that the schema names, those of the value's own, and a row to add more.
import { Component, html } from "../html.js";
import { say } from "../words.js";
import { draft, edit, forget, redraw, root, violationsIn } from "./draft.js";
import { Field } from "./field.js";
import { Frame, wrongWith } from "./frame.js";
import { filled } from "./initial.js";
import { memberSchemas } from "./judge.js";
import { plain } from "./merge.js";
import { hints } from "./shapes.js";
import { ObjectUpload } from "./uploads.js";
import { isObject, own, pointer, put, renamed } from "./values.js";

/** @param {any} props */
export function ObjectField(props) {
  const { plain: schema, value = {}, path, choices } = props;
  const { properties = {}, required = [] } = schema;
  const missing = missed({ ...props, value }, required);
  const names = [...Object.keys(properties), ...required.filter((/** @type {string} */ name) => !Object.hasOwn(properties, name))];
  const [needed, optional] = split(names, (name) => required.includes(name));
  const [folded, shown] = split([...needed, ...optional], (name) => isAdvanced(own(properties, name), name, required));
  const member = (/** @type {string} */ name) => html`
    <${Field} key=${name} schema=${own(properties, name) ?? joinedSchema(schema, name)} value=${own(value, name)} path=${[...path, name]} label=${name}
      required=${required.includes(name)} missing=${missing.get(name)} />`;
  const inside = html`
    ${choices}
    ${hints(schema).widget === "file-upload" && html`<${ObjectUpload} ...${props} />`}
    ${shown.map(member)}
    ${folded.length > 0 && html`<${Advanced} path=${path} names=${folded} set=${folded.some((name) => own(value, name) !== undefined)}>${folded.map(member)}<//>`}
    <${Others} schema=${schema} value=${value} path=${path} label=${props.label} names=${names} />
  `;
  return html`<${Frame} ...${props} missing=${missing.get("")} group whole bare=${!path.length}>${inside}<//>`;
}

/** @template Each @param {Each[]} all @param {(each: Each) => boolean} test @returns {[Each[], Each[]]} */
const split = (all, test) => [all.filter(test), all.filter((each) => !test(each))];

/** @param {any} schema @param {string} name @param {string[]} required */
const isAdvanced = (schema, name, required) => !required.includes(name) && hints(plain(schema, undefined, root()).schema).advanced === true;

/** The violations of `required`, at the fields that are missing. @param {any} props @param {string[]} required */
function missed(props, required) {
  /** @type {Map<string, import("./draft.js").Violation[]>} */
  const found = new Map();
  if (!draft.tried) return found;
  const here = draft.violations.filter((each) => each.pointer === `/input${pointer(props.path)}` && each.keyword === "required");
  for (const name of required.filter((each) => !Object.hasOwn(props.value, each))) {
    found.set(name, here.filter((each) => each.message.includes(`'${name}'`) || each.message.includes(`"${name}"`)));
  }
  return found;
}

/** What is folded away, and opened where something in it is wrong or set. @extends {Component<any, { open: boolean | null }>} */
class Advanced extends Component {
  /** @type {{ open: boolean | null }} */
  state = { open: null };

  render() {
    const { path, names, set, children } = this.props;
    const wrong = draft.tried && names.some((/** @type {string} */ name) => violationsIn([...path, name]).length > 0);
    const open = wrong || (this.state.open ?? set);
    const toggle = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.setState({ open: !open });
    };
    return html`
      <details class="advanced" open=${open}>
        <summary onClick=${toggle}>${say("pg.advanced")} <small>${names.join(", ")}</small></summary>
        ${children}
      </details>
    `;
  }
}

/** The schema of a member that only patterns or the rest speak of. @param {any} schema @param {string} name */
function joinedSchema(schema, name) {
  const found = memberSchemas(schema, name);
  return found.length === 1 ? found[0] : { allOf: found };
}

/** Members that the schema does not name: each a row of a name and a value. @extends {Component<any, { name: string, problem: string }>} */
class Others extends Component {
  state = { name: "", problem: "" };

  add = () => {
    const { schema, value, path } = this.props;
    const { name } = this.state;
    if (Object.hasOwn(value, name)) return this.setState({ problem: say("pg.taken", { name }) });
    if (joinedSchema(schema, name) === false) return this.setState({ problem: say("pg.refused.name", { name, patterns: Object.keys(schema.patternProperties ?? {}).join(" ") }) });
    this.setState({ name: "", problem: "" });
    edit([...path, name], filled(joinedSchema(schema, name), root()) ?? null);
  };

  /** @param {string} from @param {string} to */
  rename(from, to) {
    const { value, path } = this.props;
    if (from === to) return;
    if (Object.hasOwn(value, to)) return this.setState({ problem: say("pg.taken", { name: to }) }, redraw);
    this.setState({ problem: "" });
    forget([...path, from]);
    edit(path, renamed(value, from, to));
  }

  render() {
    const { schema, value, path, names, label } = this.props;
    const extra = Object.keys(value).filter((name) => !names.includes(name));
    const rest = own(schema, "additionalProperties") ?? own(schema, "unevaluatedProperties");
    const open = rest !== false || isObject(own(schema, "patternProperties"));
    const wanted = rest !== undefined || isObject(own(schema, "patternProperties")) || !names.length;
    if (!extra.length && !open) return null;
    const row = html`
      <div class="row"><label>${say("pg.name")} <input class="new-name" id=${`f${pointer(path)}?name`} value=${this.state.name} onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Enter" && this.add()} onInput=${(/** @type {any} */ event) => this.setState({ name: event.target.value, problem: "" })} /></label>
        <button type="button" id=${`f${pointer(path)}?add`} onClick=${this.add}>${say("pg.add.member", { what: label })}</button>
        ${this.state.problem && html`<p class="wrong" role="alert">${this.state.problem}</p>`}
      </div>`;
    return html`
      ${extra.map((name) => this.row(name, joinedSchema(schema, name)))}
      ${open && (wanted || extra.length > 0 ? row : html`<details class="advanced"><summary>${say("pg.others")}</summary>${row}</details>`)}
    `;
  }

  /** @param {string} name @param {any} schema */
  row(name, schema) {
    const { value, path } = this.props;
    return html`
      <div class="row member" key=${name}>
        <${Name} id=${`f${pointer([...path, name])}?called`} name=${name} rename=${(/** @type {string} */ to) => this.rename(name, to)} />
        <${Field} schema=${schema} value=${value[name]} path=${[...path, name]} label=${name || '""'} />
      </div>
    `;
  }
}

/** The name of a member; it is another one only when it is left, since half a name may be taken. @extends {Component<any, { text: string }>} */
class Name extends Component {
  state = { text: this.props.name };

  render() {
    const { id, rename } = this.props;
    const { text } = this.state;
    return html`<label>${say("pg.name")} <input id=${id} value=${text} autocomplete="off" onInput=${(/** @type {any} */ event) => this.setState({ text: event.target.value })} onChange=${() => rename(text)} /></label>`;
  }
}
