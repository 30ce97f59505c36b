// Going from place to place. The address holds where the page is, and is read as soon as it changes: until
// the browser tells of it, the page may be drawn again, or somebody does something else.
import { enter } from "./following.js";
import { link, read } from "./route.js";
import { changed, state } from "./store.js";

/** Be where the address is. */
export function arrive() {
  const { world } = state.place;
  state.place = read(location.hash);
  if (world !== state.place.world) enter();
  changed();
}

/** Stay in the view, with other words in the address's query; one without a value is left out. @param {Record<string, string>} query */
export function refine(query) {
  const place = read(location.hash);
  location.replace(link(place, { query: { ...place.query, ...query } }));
  arrive();
}
