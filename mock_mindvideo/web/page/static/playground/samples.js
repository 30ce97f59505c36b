// The request as programs that run when they are pasted: curl, Python (httpx), TypeScript (fetch) and Go.
import { quoted, write } from "./json.js";
import { go, literal, needsText, python, shell } from "./literals.js";

/**
 * @typedef {{ url: string, key: string | null, headers: Record<string, string>, body: any }} Submit
 * Without a key, the program reads it from the environment variable MINDVIDEO_API_KEY.
 */

const VARIABLE = "MINDVIDEO_API_KEY";

/** The longest word that Linux hands to a program, with room to spare. */
const LONGEST = 100_000;

/** @param {Submit} submit */
export function curl({ url, key, headers, body }) {
  const text = write(body, "  ");
  const bearer = key === null ? `"Authorization: Bearer $${VARIABLE}"` : shell(`Authorization: Bearer ${key}`);
  const long = text.length * 3 > LONGEST;
  const lines = [
    `curl -X POST ${shell(url)}`,
    `-H ${bearer}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${shell(`${name}: ${value}`)}`),
    long ? `--data-binary @- <<'JSON'\n${text}\nJSON` : `--data-binary ${shell(text)}`,
  ];
  return lines.join(" \\\n  ");
}

/** @param {Submit} submit */
export function httpx({ url, key, headers, body }) {
  const others = Object.entries(headers).filter(([name]) => name !== "Content-Type");
  const bearer = key === null ? `f"Bearer {os.environ['${VARIABLE}']}"` : literal(`Bearer ${key}`);
  const given = [`"Authorization": ${bearer}`, ...others.map(([name, value]) => `${literal(name)}: ${literal(value)}`)];
  return `${key === null ? "import os\n\n" : ""}import httpx

answer = httpx.post(
    ${literal(url)},
    headers={
        ${given.join(",\n        ")},
    },
    json=${python(body, "    ")},
)
print(answer.status_code, answer.text)
`;
}

/** @param {Submit} submit */
export function typescript({ url, key, headers, body }) {
  const bearer = key === null ? `\`Bearer \${process.env.${VARIABLE}}\`` : quoted(`Bearer ${key}`);
  const given = [`Authorization: ${bearer}`, ...Object.entries(headers).map(([name, value]) => `${quoted(name)}: ${quoted(value)}`)];
  const text = needsText(body) ? quoted(write(body)) : `JSON.stringify(${write(body, "  ", "  ")})`;
  return `const answer = await fetch(${quoted(url)}, {
  method: "POST",
  headers: {
    ${given.join(",\n    ")},
  },
  body: ${text},
});
console.log(answer.status, await answer.text());
`;
}

/** @param {Submit} submit */
export function golang({ url, key, headers, body }) {
  const bearer = key === null ? `"Bearer "+os.Getenv("${VARIABLE}")` : literal(`Bearer ${key}`);
  const set = [`request.Header.Set("Authorization", ${bearer})`, ...Object.entries(headers).map(([name, value]) => `request.Header.Set(${literal(name)}, ${literal(value)})`)];
  const packages = ["fmt", "io", "net/http", ...(key === null ? ["os"] : []), "strings"];
  return `package main

import (
${packages.map((each) => `\t"${each}"`).join("\n")}
)

func main() {
	body := strings.NewReader(${go(write(body, "  "))})
	request, err := http.NewRequest("POST", ${literal(url)}, body)
	if err != nil {
		panic(err)
	}
	${set.join("\n\t")}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		panic(err)
	}
	fmt.Println(answer.StatusCode, string(text))
}
`;
}

export const SAMPLES = { curl, Python: httpx, TypeScript: typescript, Go: golang };
