// A value as JSON text: for what no control shows, and for the whole input.
import { Component, html } from "../html.js";
import { say } from "../words.js";
import { edit, violationsIn } from "./draft.js";
import { Frame, described } from "./frame.js";
import { read, write } from "./json.js";
import { equal } from "./values.js";

/** Text that is no JSON yet stays in the field, and the value stays as it was. @extends {Component<any, { text: string, problem: string }>} */
export class RawField extends Component {
  state = { text: write(this.props.value ?? null, "  "), problem: "" };

  /** @param {any} event */
  change = (event) => {
    const text = event.target.value;
    try {
      const value = read(text);
      this.setState({ text, problem: "" });
      edit(this.props.path, value);
    } catch (problem) {
      this.setState({ text, problem: String(/** @type {Error} */ (problem).message) });
    }
  };

  render() {
    const { props } = this;
    const { text, problem } = this.state;
    const same = problem || equal(parsed(text), props.value ?? null);
    const within = violationsIn(props.path).filter((each) => each.pointer.length > `/input`.length);
    const given = { ...props, limit: problem || say("pg.raw"), missing: [...(props.missing ?? []), ...deeper(within, props.path)] };
    return html`
      <${Frame} ...${given}>
        ${props.choices}
        <textarea ...${described(given)} class="json" rows="3" spellcheck=${false} value=${same ? text : write(props.value, "  ")} onInput=${this.change}></textarea>
      <//>
    `;
  }
}

/** @param {string} text */
function parsed(text) {
  try {
    return read(text);
  } catch {
    return undefined;
  }
}

/** Those below the place; those at it are shown as everywhere. @param {import("./draft.js").Violation[]} found @param {string[]} path */
function deeper(found, path) {
  return found.filter((each) => each.pointer.split("/").length - 2 > path.length);
}
