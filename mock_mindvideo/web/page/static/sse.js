// Server-sent events from a body that is read as it comes.

/**
 * @param {ReadableStream<Uint8Array>} body
 * @returns {AsyncGenerator<{ id: string, kind: string, data: string }>}
 */
export async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  try {
    while (true) {
      const { value, done } = await reader.read();
      if (done) return;
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop() ?? "";
      for (const block of blocks) yield event(block);
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/** @param {string} block */
function event(block) {
  const found = { id: "", kind: "message", data: "" };
  for (const line of block.split("\n")) {
    const colon = line.indexOf(": ");
    const [name, value] = [line.slice(0, colon), line.slice(colon + 2)];
    if (name === "id") found.id = value;
    if (name === "event") found.kind = value;
    if (name === "data") found.data += value;
  }
  return found;
}
