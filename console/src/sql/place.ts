/** The place that the server's messages about statements name: `line 3:8: Column 'x' cannot be resolved`. */

export interface PlacedMessage {
  readonly message: string;
  /** From where to where in the statement; absent when no single place is to blame. */
  readonly range?: { readonly from: number; readonly to: number };
}

const PLACED = /^line (\d+):(\d+): /;

export function placeOf(message: string, statement: string): PlacedMessage {
  const found = PLACED.exec(message);
  if (found === null) return { message };
  const from = offsetOf(statement, Number(found[1]), Number(found[2]));
  return { message: message.slice(found[0].length), range: { from, to: wordEnd(statement, from) } };
}

/** Lines and columns begin at 1; columns are code points, offsets are UTF-16 units. */
function offsetOf(statement: string, line: number, column: number): number {
  const lines = statement.split('\n');
  const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  const within = [...(lines[line - 1] ?? '')].slice(0, column - 1).join('').length;
  return Math.min(before + within, statement.length);
}

/** The end of the word that begins there: one character at least, unless the statement ends. */
function wordEnd(statement: string, from: number): number {
  const word = /^[\p{L}\p{N}_$]+/u.exec(statement.slice(from))?.[0].length ?? 1;
  return Math.min(from + word, statement.length);
}
