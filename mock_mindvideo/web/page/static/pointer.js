// JSON Pointers (RFC 6901): steps are written and read here and nowhere else on the page.

/** A name as a step of a pointer. @param {string} name */
export const escaped = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/** The name that a step of a pointer stands for. @param {string} step */
export const unescaped = (step) => step.replaceAll("~1", "/").replaceAll("~0", "~");
