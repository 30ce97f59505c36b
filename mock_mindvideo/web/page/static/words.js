// The page's words, one file a language. A word that a language lacks is shown in English.

/** @type {Record<string, string>} */
let known = {};
/** @type {Record<string, string>} */
let english = {};
export const LANGUAGES = { en: "English", zh: "中文" };

/** @param {string} language */
async function file(language) {
  return (await fetch(new URL(`./words/${language}.json`, import.meta.url))).json();
}

/** @returns {string} */
export function language() {
  const chosen = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
  return chosen in LANGUAGES ? chosen : "en";
}

/** Whatever comes first, the language that was chosen last is spoken. @param {string} [chosen] */
export async function speak(chosen) {
  if (chosen) localStorage.setItem("language", chosen);
  const wanted = language();
  const found = await Promise.all([...new Set(["en", wanted])].map(file));
  if (wanted !== language()) return;
  [english, known = english] = found;
  document.documentElement.lang = wanted === "zh" ? "zh-CN" : wanted;
}

/** @param {string} word @param {Record<string, string | number>} [values] */
export function say(word, values = {}) {
  const text = known[word] ?? english[word] ?? word;
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}
