// Starts the page: words, the world that the address names, keys of the keyboard.
import { html, render } from "./html.js";
import { arrive } from "./places.js";
import { enter } from "./following.js";
import { changed, onChange, state } from "./store.js";
import { Layout } from "./views/layout.js";
import { press } from "./keys.js";
import { speak } from "./words.js";

function draw() {
  render(html`<${Layout} />`, document.body);
}

window.addEventListener("hashchange", arrive);
window.addEventListener("keydown", press);

await speak();
document.querySelector("noscript")?.remove();
onChange(draw);
draw();
enter();

// The clock's text and the lanes move by themselves, but only while time does.
setInterval(() => {
  if (state.clock?.progress === "time" && !document.hidden) changed();
}, 250);
