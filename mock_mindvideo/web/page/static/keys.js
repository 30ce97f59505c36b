// The keyboard: / searches, j and k go through a list, ? shows this.
import { changed, state } from "./store.js";

/** @param {KeyboardEvent} event */
export function press(event) {
  const target = /** @type {HTMLElement} */ (event.target);
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
  if (event.key === "Escape") {
    state.help = false;
    if (typing) target.blur();
    changed();
  }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/") focus(event, "#search");
  else if (event.key === "?") {
    state.help = !state.help;
    changed();
  } else if (event.key === "j") step(event, 1);
  else if (event.key === "k") step(event, -1);
}

/** @param {KeyboardEvent} event @param {string} which */
function focus(event, which) {
  const found = /** @type {HTMLElement | null} */ (document.querySelector(which));
  if (!found) return;
  event.preventDefault();
  found.focus();
}

/** To the next row of the list that is shown. @param {KeyboardEvent} event @param {number} by */
function step(event, by) {
  const rows = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-row]")]);
  const at = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
