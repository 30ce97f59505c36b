// Names for the fields that Swagger UI leaves without one, and a way for the keyboard to scroll what it cuts off.
import { say } from "../words.js";

/** Name every field in `place`, now and whenever it changes. @param {Element} place */
export function keepNamed(place) {
  const name = () => {
    place.querySelectorAll("select, textarea, input").forEach(named);
    place.querySelectorAll("pre:not([tabindex])").forEach((each) => each.setAttribute("tabindex", "0"));
  };
  new MutationObserver(name).observe(place, { childList: true, subtree: true });
  name();
}

/** @param {Element} field */
function named(field) {
  if (field.hasAttribute("aria-label") || field.id && document.querySelector(`label[for="${CSS.escape(field.id)}"]`)) return;
  field.setAttribute("aria-label", nameOf(field));
}

/** What the field is for, by where it stands. @param {Element} field */
function nameOf(field) {
  const parameter = field.closest("[data-param-name]")?.getAttribute("data-param-name");
  const status = field.closest("tr[data-code]")?.getAttribute("data-code");
  const what = field.matches(".examples-select-element") ? say("docs.example") : say(parameter ? "docs.value" : "docs.body");
  return [parameter ?? status ?? "", what].filter(Boolean).join(" ");
}
