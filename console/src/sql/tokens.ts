/** The words of a statement, so that it can be laid out anew without changing what it says. */

export type TokenKind = 'word' | 'quoted' | 'text' | 'number' | 'line-comment' | 'block-comment' | 'symbol';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
}

/** In the order in which they are tried. Ids of stores stand in statements without quotes and begin like numbers. */
const KINDS: readonly (readonly [TokenKind, RegExp])[] = [
  ['line-comment', /--[^\n]*/y],
  ['block-comment', /\/\*[\s\S]*?(?:\*\/|$)/y],
  ['text', /(?:[xX]|[uU]&)?'(?:[^']|'')*(?:'|$)/y],
  ['quoted', /"(?:[^"]|"")*(?:"|$)/y],
  ['word', /[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}/y],
  ['number', /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ['word', /[\p{L}_$@][\p{L}\p{N}_$@]*/uy],
  ['symbol', /->|=>|<>|!=|<=|>=|\|\||[\s\S]/y],
];

export function tokenize(statement: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < statement.length) {
    const space = /\s+/y;
    space.lastIndex = at;
    if (space.test(statement)) {
      at = space.lastIndex;
      continue;
    }
    const token = tokenAt(statement, at);
    tokens.push(token);
    at += token.text.length;
  }
  return tokens.map((token) => (token.kind === 'line-comment' ? { ...token, text: token.text.trimEnd() } : token));
}

function tokenAt(statement: string, at: number): Token {
  for (const [kind, pattern] of KINDS) {
    pattern.lastIndex = at;
    const text = pattern.exec(statement)?.[0];
    if (text !== undefined) return { kind, text };
  }
  throw new Error('the last pattern takes any character');
}
