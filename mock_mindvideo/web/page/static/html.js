// One place for the two libraries: `html` makes elements of templates, `show` puts them on the page.
import htm from "./vendor/htm.js";
import { Component, h, render } from "./vendor/preact.js";

export const html = htm.bind(h);
export { Component, render };
