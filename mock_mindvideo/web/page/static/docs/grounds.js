// Behind the ids of behaviours, links to the rules that they stand for, with fidelity and source.
import { say } from "../words.js";

/** Lead from every id in `place` to its rule, now and whenever it changes. @param {Element} place @param {string} world */
export function keepLinked(place, world) {
  const link = () => place.querySelectorAll("[class$=__extension]:not(.grounds)").forEach((each) => linked(each, world));
  new MutationObserver(link).observe(place, { childList: true, subtree: true });
  link();
}

/** @param {Element} shown @param {string} world */
function linked(shown, world) {
  shown.classList.add("grounds");
  for (const id of shown.textContent?.match(/\b[DIX]\d{2}\b/g) ?? []) {
    const link = document.createElement("a");
    link.href = `${new URL("../", import.meta.url).pathname}#/${encodeURIComponent(world)}/rules?text=${id}`;
    link.textContent = id;
    link.title = say("rules");
    shown.append(link);
  }
}
