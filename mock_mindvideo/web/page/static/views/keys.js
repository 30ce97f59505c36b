// The API keys of the world. A new one's secret is shown once, and kept nowhere.
import { html } from "../html.js";
import { PLATFORM } from "../platform.js";
import { act, changed, state } from "../store.js";
import { say } from "../words.js";
import { Grounds } from "./grounds.js";

export function Keys() {
  const create = async () => {
    const made = await act("POST", "keys", {});
    if (made) state.secret = made.key;
    changed();
  };
  return html`
    <h2>${say("keys")} <${Grounds} names=${["endpoint:GET /_mock/keys", `key:${PLATFORM.test}<name>`]} /></h2>
    <p><button onClick=${create}>${say("create")}</button></p>
    ${state.secret && html`<p class="secret">${say("secret")} <code>${state.secret}</code></p>`}
    <table><thead><tr><th>${say("key")}</th><th>${say("at")}</th><th></th></tr></thead>
      <tbody>${state.keys.map((key) => html`
        <tr><td><code>${key.key}</code> ${key.disabled && html`<em>${say("disabled")}</em>`}</td><td>${key.created_at.slice(0, 19).replace("T", " ")}</td>
          <td class="buttons">
            <button onClick=${() => act("PATCH", `keys/${key.id}`, { disabled: !key.disabled })}>${key.disabled ? say("enable") : say("disable")}</button>
            <button class="danger" onClick=${() => act("DELETE", `keys/${key.id}`)}>${say("delete")}</button>
          </td></tr>`)}
      </tbody></table>
  `;
}
