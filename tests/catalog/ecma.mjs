// What a JavaScript engine says of patterns: reads [[pattern, texts], …], writes for each the
// verdicts, or null where it is no pattern.
import { readFileSync } from "node:fs";

const judge = ([pattern, texts]) => {
  let regex;
  try {
    regex = new RegExp(pattern, "u");
  } catch {
    return null;
  }
  return texts.map((text) => regex.test(text));
};
process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(judge)));
