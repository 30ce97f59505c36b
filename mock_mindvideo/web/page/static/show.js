// Values as people read them.

/** @param {string} at */
export const clockTime = (at) => at.slice(11, 23).replace(/\.000$/, "");

/** @param {number} milliseconds */
export const instant = (milliseconds) => new Date(milliseconds).toISOString();

/** @param {number} milliseconds */
export function span(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `${Number(seconds.toFixed(seconds < 10 ? 2 : 1))} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** JSON with indents where a text is JSON, as it is where not. @param {string} text */
export function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** @param {string[][]} headers @param {string} name */
export const header = (headers, name) =>
  headers.find(([each]) => each.toLowerCase() === name)?.[1];
