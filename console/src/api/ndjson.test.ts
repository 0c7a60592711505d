import { expect, test } from 'vitest';

import { readLines } from './ndjson';

function body(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
}

async function all(stream: ReadableStream<Uint8Array>): Promise<unknown[]> {
  const values = [];
  for await (const value of readLines(stream)) values.push(value);
  return values;
}

test('lines are put together across chunks, empty ones left out, the last needs no end', async () => {
  expect(await all(body('{"a":', '1}\n\n{"a"', ':2}\n', '{"a":3}'))).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
});

test('a character may be cut by a chunk', async () => {
  const bytes = new TextEncoder().encode('"가"\n');
  expect(await all(body(bytes.slice(0, 2), bytes.slice(2)))).toEqual(['가']);
});

test('what is no JSON throws', async () => {
  await expect(all(body('{"a":1}\nnonsense\n'))).rejects.toThrow(SyntaxError);
});
