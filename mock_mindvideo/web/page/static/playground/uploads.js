// Files of this machine as references: each is stored on the mock, and its address is written into the input.
import { Component, html } from "../html.js";
import { state } from "../store.js";
import { say } from "../words.js";
import { draft, edit, root, which } from "./draft.js";
import { filled } from "./initial.js";
import { itemSchema } from "./judge.js";
import { plain } from "./merge.js";
import { ask } from "./requests.js";
import { hints, typesOf } from "./shapes.js";
import { get, isObject, own } from "./values.js";

/** The address of a file on the mock; throws an Error that says why there is none. @param {File} file @returns {Promise<string>} */
async function upload(file) {
  const form = new FormData();
  form.append("file", file);
  const { status, body } = await ask(state.place.world, "POST", "_mock/uploads", { body: form });
  if (status !== 201) throw new Error(own(own(body, "error"), "message") ?? `HTTP ${status}`);
  return body.url;
}

/** A new item that holds an address. @param {any} schema @param {string} url */
function itemOf(schema, url) {
  const made = filled(schema, root());
  return isObject(made) ? { ...made, ...addressIn(plain(schema, made, root()).schema, url) } : url;
}

/** The member of an object that an address belongs in. @param {any} schema @param {string} url */
function addressIn({ properties = {}, required = [] }, url) {
  const texts = Object.keys(properties).filter((name) => typesOf(plain(properties[name], undefined, root()).schema)[0] === "string");
  const name = texts.find((each) => /url|uri|src|href/i.test(each)) ?? texts.find((each) => required.includes(each)) ?? "url";
  return { [name]: url };
}

/** @param {any} props */
export function ArrayUpload({ path, plain: schema, label, items }) {
  const room = Number(own(schema, "maxItems") ?? Infinity) - items.length;
  const take = (/** @type {string} */ url) => {
    const now = get(draft.input, path) ?? [];
    edit(path, [...now, itemOf(itemSchema(schema, now.length), url)]);
  };
  return html`<${Upload} path=${path} hints=${hints(schema)} label=${label} room=${room} take=${take} />`;
}

/** @param {any} props */
export function ObjectUpload({ path, plain: schema, label }) {
  const take = (/** @type {string} */ url) => edit(path, { ...itemOf(schema, url), ...get(draft.input, path), ...addressIn(schema, url) });
  return html`<${Upload} path=${path} hints=${{ ...hints(schema), multiple: false }} label=${label} room=${1} take=${take} />`;
}

/** @param {any} props */
export function TextUpload({ path, plain: schema, label }) {
  return html`<${Upload} path=${path} hints=${{ ...hints(schema), multiple: false }} label=${label} room=${1} take=${(/** @type {string} */ url) => edit(path, url)} />`;
}

/** Chosen, dropped or pasted files. @extends {Component<any, { busy: number, problem: string, over: boolean }>} */
class Upload extends Component {
  state = { busy: 0, problem: "", over: false };

  /** @param {FileList | null | undefined} files */
  async send(files) {
    const { room, take, hints: hinted } = this.props;
    const mine = which();
    const all = [...(files ?? [])];
    const most = Math.min(room, hinted.multiple === false ? 1 : Infinity);
    const problems = all.length > most ? [say("pg.upload.over", { count: all.length - most })] : [];
    for (const file of all.slice(0, most)) {
      this.setState({ busy: this.state.busy + 1 });
      try {
        const url = await upload(file);
        if (mine === which()) take(url);
      } catch (problem) {
        problems.push(`${file.name}: ${/** @type {Error} */ (problem).message}`);
      }
      this.setState({ busy: this.state.busy - 1 });
    }
    this.setState({ problem: problems.join(" ") });
  }

  render() {
    const { path, hints: hinted, label, room } = this.props;
    const { busy, problem, over } = this.state;
    const accept = hinted.accept ?? (hinted.uploadKind ? `${hinted.uploadKind}/*` : undefined);
    const chosen = async (/** @type {any} */ event) => {
      const input = event.target;
      await this.send(input.files);
      input.value = "";
    };
    const drag = (/** @type {boolean} */ on) => (/** @type {DragEvent} */ event) => {
      event.preventDefault();
      this.setState({ over: on });
    };
    const drop = (/** @type {DragEvent} */ event) => {
      drag(false)(event);
      this.send(event.dataTransfer?.files);
    };
    return html`
      <label class=${`drop${over ? " over" : ""}${room > 0 ? "" : " off"}`} onDragOver=${drag(true)} onDragLeave=${drag(false)} onDrop=${drop}>
        ${busy ? say("pg.uploading") : say("pg.upload", { what: label })}
        <input type="file" id=${`f/${path.join("/")}?file`} aria-label=${say("pg.upload", { what: label })} accept=${typeof accept === "string" ? accept : undefined}
          multiple=${hinted.multiple !== false} disabled=${room <= 0} onChange=${chosen} />
      </label>
      ${problem && html`<p class="wrong" role="alert">${problem}</p>`}
    `;
  }
}
