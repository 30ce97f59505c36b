// What stands around every control: its name, what it is for, what is wrong with it, and how to be rid of it.
import { html } from "../html.js";
import { say } from "../words.js";
import { draft, edit, violationsAt } from "./draft.js";
import { text } from "./shapes.js";
import { own, pointer } from "./values.js";

/** The id of the control at a place. @param {import("./values.js").Path} path */
export const idOf = (path) => `f${pointer(path)}`;

/** Whether a violation, by its pointer into the body, has a field to stand beside. @param {string} place */
export const isShown = (place) => place.startsWith("/input/") && document.getElementById(`f${place.slice("/input".length)}`) !== null;

/** The violations of a field: its own, and that it is missing. @param {any} props @returns {import("./draft.js").Violation[]} */
export const wrongWith = ({ path, missing = [] }) => [...violationsAt(path), ...missing];

/** What names and describes a control to a screen reader. @param {any} props */
export function described(props) {
  const { id, plain } = props;
  const ids = [aboutOf(plain) && `${id}?about`, props.limit && `${id}?limit`, wrongWith(props).length && `${id}?wrong`];
  return {
    id,
    "aria-describedby": ids.filter(Boolean).join(" ") || undefined,
    "aria-invalid": wrongWith(props).length ? "true" : undefined,
    "aria-required": props.required ? "true" : undefined,
  };
}

/** What a schema says of itself in words. @param {any} plain */
const aboutOf = (plain) =>
  [text(own(plain, "description")), own(plain, "deprecated") === true && say("pg.deprecated"), own(plain, "readOnly") === true && say("pg.readonly")].filter(Boolean).join(" · ");

/** A label, its control and the rest; `group` for controls that are several, `whole` where they are known by their frame. @param {any} props */
export function Frame(props) {
  const { id, label, group, children, path, required, limit, bare, before, whole } = props;
  const name = path[path.length - 1] ?? "";
  const title = html`${label}${required && html`<b class="needed" aria-hidden="true">*</b>`}`;
  const rest = html`
    ${label !== name && !/^\d+$/.test(name) && name && html`<code>${name}</code>`}
    <${RemoveButton} ...${props} />
    ${props.buttons}
  `;
  const inside = html`
    <${About} ...${props} />
    ${children}
    ${limit && html`<p class="limit" id=${`${id}?limit`}>${limit}</p>`}
    <${Wrong} ...${props} />
  `;
  if (bare) return html`<div class="field bare">${inside}</div>`;
  if (group) return html`<fieldset class="field group" id=${whole ? id : undefined}><legend>${title}</legend><div class="beside">${rest}</div>${inside}</fieldset>`;
  return html`<div class="field"><div class="named">${before}<label for=${id}>${title}</label>${rest}</div>${inside}</div>`;
}

/** @param {any} props */
function About({ id, plain }) {
  const about = aboutOf(plain);
  return about && html`<p class="about" id=${`${id}?about`}>${about}</p>`;
}

/** @param {any} props */
function Wrong(props) {
  const found = wrongWith(props);
  if (!found.length) return null;
  return html`<ul class="wrong" id=${`${props.id}?wrong`} tabindex=${props.group ? "-1" : undefined}>
    ${found.map((each) => html`<li>${each.message}</li>`)}
  </ul>`;
}

/** Takes an optional value out; the only way to tell "" from nothing. @param {any} props */
export function RemoveButton({ id, path, value, label, required, fixed }) {
  if (required || fixed || value === undefined || !path.length) return null;
  const what = say("pg.remove", { what: label });
  return html`<button type="button" class="plain small" id=${`${id}?remove`} title=${what} aria-label=${what} onClick=${() => edit(path, undefined)}>×</button>`;
}
