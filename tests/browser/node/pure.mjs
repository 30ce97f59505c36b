// The playground's logic without a page, asked by JSON lines: {"call": …, "args": […]}. Values are JSON texts.
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = pathToFileURL(`${process.argv[2]}/playground/`);
const from = (name) => import(new URL(name, folder));
const { read, write } = await from("json.js");
const { fits } = await from("judge.js");
const { initial, filled } = await from("initial.js");
const { SAMPLES } = await from("samples.js");
const { put, get, pathOf, pointer, equal } = await from("values.js");
const { withWords, chosenOf } = await from("outcomes.js");

const DEEDS = {
  rewritten: (text, indent) => write(read(text), indent),
  fits: (schema, value) => fits(read(schema), read(value), read(schema)),
  initial: (schema) => write(initial(read(schema), read(schema))),
  filled: (schema) => write(filled(read(schema), read(schema))),
  samples: (submit) => Object.fromEntries(Object.entries(SAMPLES).map(([name, make]) => [name, make(read(submit))])),
  put: (value, place, made) => write(put(read(value), pathOf(place), made === null ? undefined : read(made))),
  get: (value, place) => write(get(read(value), pathOf(place))),
  pointer: (place) => pointer(pathOf(place)),
  equal: (one, other) => equal(read(one), read(other)),
  withWords,
  chosenOf,
};

for await (const line of createInterface({ input: process.stdin })) {
  const { call, args } = JSON.parse(line);
  let told;
  try {
    told = { value: DEEDS[call](...args) };
  } catch (error) {
    told = { error: error.message, at: error.at };
  }
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
