/**
 * The values of a body that has one JSON value a line, as they arrive. Empty lines mean nothing.
 * A line that is no JSON throws; who stops reading cancels the body.
 */
export async function* readLines<T>(body: ReadableStream<Uint8Array>): AsyncGenerator<T> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      if (done) lines.push(rest);
      for (const line of lines) {
        if (line.trim() !== '') yield JSON.parse(line) as T;
      }
      if (done) return;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
