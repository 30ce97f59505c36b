// What a script will do, in a sentence: a phrase for each word, in the order of grammar, not of the script.
import { say } from "./words.js";

/** Words that say which requests a script is for, and how often, in the order of the sentence. */
const WHICH = ["skip", "times", "probability", "method", "path"];

/** A script's words with their values, quotes taken off. @param {string} script @returns {[string, string][]} */
export function parts(script) {
  const found = script.match(/(?:[^;"]|"(?:[^"\\]|\\.)*")+/g) ?? [];
  return found.map((each) => each.trim()).filter(Boolean).map((each) => {
    const at = each.indexOf("=");
    const name = (at < 0 ? each : each.slice(0, at)).trim();
    return [name, at < 0 ? "" : each.slice(at + 1).trim().replace(/^"(.*)"$/, "$1")];
  });
}

/** What `script` does, said to a person; empty where it says nothing yet. @param {string} script */
export function sentence(script) {
  const words = parts(script);
  const does = effects(script);
  if (!does) return "";
  const given = new Map(words);
  const which = WHICH.filter((name) => given.has(name)).map((name) => phrase([name, given.get(name) ?? ""]));
  const whose = given.has("times") ? which : [say("does.always"), ...which];
  return say("does", { whose: whose.join(say("does.comma")), effects: does });
}

/** Only what it does, without which requests it is for, and how often. @param {string} script */
export function effects(script) {
  return parts(script).filter(([name]) => !WHICH.includes(name)).map(phrase).join(say("does.comma"));
}

/** @param {[string, string]} word */
function phrase([name, value]) {
  if (name === "times" && value === "1") return say("does.once");
  if (name === "outcome" && value === "stuck") return say("does.stuck");
  const [count, seconds] = value.split("/");
  return say(`does.${name}`, { value, count: count ?? "", seconds: seconds ?? "", percent: Number((Number(value) * 100).toFixed(4)) });
}
