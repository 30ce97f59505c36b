// The place in the page: #/world/view/item?filter=… so that every view can be sent as a link.

/**
 * @typedef {{ world: string, view: string, item: string, query: Record<string, string> }} Place
 */

/** @param {string} hash @returns {Place} */
export function read(hash) {
  const [path, query] = hash.replace(/^#\/?/, "").split("?");
  const [world, view, item] = path.split("/").map(decoded);
  return {
    world: world || "default",
    view: view || "tasks",
    item: item || "",
    query: Object.fromEntries(new URLSearchParams(query ?? "")),
  };
}

/** @param {Place} at @param {Partial<Place>} [change] */
export function link(at, change = {}) {
  const place = { ...at, query: {}, item: "", ...change };
  const words = [place.world, place.view, ...(place.item ? [place.item] : [])];
  const given = Object.entries(place.query).filter(([, value]) => value);
  const query = new URLSearchParams(given).toString();
  return `#/${words.map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
}

/** @param {string} word */
function decoded(word) {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}
