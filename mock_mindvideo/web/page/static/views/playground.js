// The playground: a form of the model's schema, sent to the mock, and what comes of it.
import { Component, html } from "../html.js";
import { Field } from "../playground/field.js";
import { Outcome, Price, Programs, Sending } from "../playground/panel.js";
import { choose, close, draft, follow, house, model, open, replace, root, toggleRaw, type } from "../playground/draft.js";
import { isShown } from "../playground/frame.js";
import { initial } from "../playground/initial.js";
import { goOn, order, rest, send } from "../playground/sending.js";
import { link } from "../route.js";
import { state } from "../store.js";
import { say } from "../words.js";

/** @extends {Component<{}, { problem: string }>} */
export class Playground extends Component {
  state = { problem: "" };

  componentDidMount() {
    goOn();
    open().catch((problem) => this.setState({ problem: String(problem) }));
  }

  componentDidUpdate() {
    follow();
  }

  componentWillUnmount() {
    close();
    rest();
  }

  render() {
    if (this.state.problem) return html`<p class="problem">${this.state.problem}</p>`;
    if (!draft.loaded) return html`<p aria-busy="true">${say("loading")}</p>`;
    const submit = (/** @type {Event} */ event) => {
      event.preventDefault();
      send();
    };
    return html`
      <h2>${say("playground")}</h2>
      <form class="playground" onSubmit=${submit} onKeyDown=${press} novalidate>
        <div class="draft">
          <${Models} />
          <${Whole} />
          <${Inputs} version=${draft.version} words=${say("playground")} />
        </div>
        <div class="panel"><${Price} /><${Sending} /><${Outcome} /></div>
        <${Programs} version=${draft.version} key_=${order.key} script=${draft.script} world=${state.place.world} words=${say("playground")} />
      </form>
    `;
  }
}

/** Enter in a field sends nothing, since half an input costs what a whole one does; with Ctrl it does. @param {KeyboardEvent} event */
function press(event) {
  const { tagName, type } = /** @type {HTMLInputElement} */ (event.target);
  if (event.key !== "Enter") return;
  const wanted = event.ctrlKey || event.metaKey;
  if (wanted || (tagName === "INPUT" && type !== "file")) event.preventDefault();
  if (wanted && !order.sending && !draft.raw?.problem) send();
}

/** Each model has an address; choosing one goes there. @param {string} slug */
function go(slug) {
  choose(slug);
  location.hash = link(state.place, { view: "playground", item: slug });
}

function Models() {
  const slugs = draft.models.map((each) => each.slug);
  const names = slugs.includes(draft.model) ? slugs : [draft.model, ...slugs];
  const title = (/** @type {string} */ slug) => draft.models.find((each) => each.slug === slug)?.title ?? say("pg.unknown", { slug });
  const reset = (/** @type {any} */ input) => () => replace(input ?? {});
  return html`
    <div class="buttons">
      <label>${say("model")} <select id="model" onChange=${(/** @type {any} */ event) => go(event.target.value)}>
        ${names.map((slug) => html`<option value=${slug} selected=${slug === draft.model}>${title(slug)}</option>`)}</select></label>
      ${model() && html`<button type="button" onClick=${reset(model().example)}>${say("pg.example")}</button>`}
      <button type="button" onClick=${reset(initial(root(), root()))}>${say("pg.defaults")}</button>
      <button type="button" class="raw" aria-pressed=${draft.raw ? "true" : "false"} onClick=${toggleRaw} disabled=${Boolean(draft.raw?.problem)}>${say("pg.json")}</button>
    </div>
  `;
}

/** What is wrong with the input as a whole, or where no field is. */
function Whole() {
  const found = draft.homeless.filter((each) => draft.raw || each.keyword !== "required" || !named(each.message));
  return found.length > 0 && html`<ul class="wrong whole" tabindex="-1">${found.map((each) => html`<li>${each.pointer !== "/input" && html`<code>${each.pointer}</code> `}${each.message}</li>`)}</ul>`;
}

/** Whether a message is about a property that has a field of its own. @param {string} message */
const named = (message) => Object.keys(root().properties ?? {}).some((name) => message.includes(`'${name}'`));

/** Drawn again only when the draft has changed, however much happens in the world.
 * @extends {Component<{ version: number, words: string }>} */
class Inputs extends Component {
  /** @param {{ version: number, words: string }} next */
  shouldComponentUpdate(next) {
    return next.version !== this.props.version || next.words !== this.props.words;
  }

  componentDidMount() {
    house(isShown);
  }

  componentDidUpdate() {
    house(isShown);
  }

  render() {
    if (draft.raw) {
      const { text, problem } = draft.raw;
      return html`<div class="field"><label for="input-json">${say("pg.input.json")}</label>
        <textarea id="input-json" class="json" rows="24" spellcheck=${false} aria-invalid=${problem ? "true" : undefined} aria-describedby="json-problem" value=${text} onInput=${(/** @type {any} */ event) => type(event.target.value)}></textarea>
        <p class=${problem ? "wrong" : "limit"} id="json-problem">${problem || say("pg.raw")}</p></div>`;
    }
    return html`<${Field} schema=${root()} value=${draft.input} path=${[]} label=${say("input")} required fixed />`;
  }
}
