import { type Attribute, isAttribute } from './attributes';
import { type Group, isGroup, type Join, type Operator, type Query, type Token } from './query';

/**
 * Queries as text: the grammar is that of `opentrail lookup --where` (docs/lookup.md), with `text` as one more attribute
 * for words that may be in any. The URL holds it, so that people can read what a link shows, and write one.
 */
const ANYWHERE = 'text';

const SIGNS: Record<Operator, { isNot: boolean; sign: string }> = {
  '=': { isNot: false, sign: '=' },
  '!=': { isNot: false, sign: '!=' },
  '^': { isNot: false, sign: '^=' },
  '!^': { isNot: true, sign: '^=' },
  ':': { isNot: false, sign: '*=' },
  '!:': { isNot: true, sign: '*=' },
};

/** What a text without an attribute is looked for in. */
const READ_BY_PEOPLE: readonly Attribute[] = [
  'event-name', 'username', 'event-source', 'resource-name', 'source-ip', 'error-code', 'access-key-id', 'user-arn',
];

/** The query as the URL holds it. */
export function printQuery(query: Query): string {
  return print(query, (token) => comparison(token.attribute ?? ANYWHERE, token));
}

/** The query as the server understands it; nothing when it asks for everything. */
export function whereOf(query: Query): string | undefined {
  const text = print(query, (token) => {
    if (token.attribute) return comparison(token.attribute, token);
    const positive: Token = { ...token, operator: token.operator === '=' || token.operator === '!=' ? '=' : ':' };
    const anywhere = READ_BY_PEOPLE.map((attribute) => comparison(attribute, positive)).join(' OR ');
    return token.operator.startsWith('!') ? `NOT (${anywhere})` : `(${anywhere})`;
  });
  return text === '' ? undefined : text;
}

function print(query: Query, printToken: (token: Token) => string): string {
  const parts = query.parts.map((part) => {
    if (!isGroup(part)) return printToken(part);
    const inner = part.tokens.map(printToken).join(word(part.operation));
    return part.tokens.length > 1 ? `(${inner})` : inner;
  });
  return parts.filter((part) => part !== '').join(word(query.operation));
}

function word(join: Join): string {
  return join === 'and' ? ' AND ' : ' OR ';
}

function comparison(attribute: string, { operator, value }: Token): string {
  const { isNot, sign } = SIGNS[operator];
  const isAny = value === '*' && (operator === '=' || operator === '!=');
  return `${isNot ? 'NOT ' : ''}${attribute} ${sign} ${isAny ? '*' : quoted(value)}`;
}

/** A value of an expression, in quotes where it must be. */
export function quoted(value: string): string {
  if (/^[A-Za-z0-9:/._@+-]+$/.test(value)) return value;
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** The query of a text, or nothing if it is not one that the query bar can show. */
export function parseQuery(text: string): Query | undefined {
  const words = split(text);
  if (!words) return undefined;
  try {
    return new Parser(words).query();
  } catch (error) {
    if (error instanceof NotShown) return undefined;
    throw error;
  }
}

class NotShown extends Error {}

interface Word {
  text: string;
  isQuoted: boolean;
}

/** Parentheses, signs, quoted and plain words; nothing if a quote is not closed. */
function split(text: string): Word[] | undefined {
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\(|\)|!=|\^=|\*=|=)|([^\s()"'=!^*]+|[*!^]))/gsy;
  const words: Word[] = [];
  const trimmed = text.trimEnd();
  while (pattern.lastIndex < trimmed.length) {
    const found = pattern.exec(trimmed);
    if (!found) return undefined;
    const inQuotes = found[1] ?? found[2];
    if (inQuotes !== undefined) words.push({ text: inQuotes.replace(/\\(.)/gs, '$1'), isQuoted: true });
    else words.push({ text: found[3] ?? found[4] ?? '', isQuoted: false });
  }
  return words;
}

class Parser {
  #at = 0;

  constructor(private readonly words: readonly Word[]) {}

  query(): Query {
    if (this.words.length === 0) return { operation: 'and', parts: [] };
    const { operation, parts } = this.#series(() => this.#part());
    if (this.#at < this.words.length) throw new NotShown();
    return { operation, parts };
  }

  /** Parts with one and the same word between them: the bar shows no mixture without parentheses. */
  #series<Part>(part: () => Part): { operation: Join; parts: Part[] } {
    const parts = [part()];
    let operation: Join | undefined;
    for (let join = this.#join(); join; join = this.#join()) {
      if (operation && operation !== join) throw new NotShown();
      operation = join;
      parts.push(part());
    }
    return { operation: operation ?? 'and', parts };
  }

  #part(): Token | Group {
    if (!this.#take('(')) return this.#token();
    const { operation, parts } = this.#series(() => this.#token());
    if (!this.#take(')')) throw new NotShown();
    return { operation, tokens: parts };
  }

  #token(): Token {
    const isNot = this.#take('not');
    const name = this.#next().text.toLowerCase();
    const sign = this.#next().text;
    const operators = Object.entries(SIGNS) as [Operator, { isNot: boolean; sign: string }][];
    const operator = operators.find(([, it]) => it.sign === sign && it.isNot === isNot)?.[0];
    const value = this.#next();
    if (!operator || (name !== ANYWHERE && !isAttribute(name))) throw new NotShown();
    return { ...(isAttribute(name) && { attribute: name }), operator, value: value.text };
  }

  #join(): Join | undefined {
    if (this.#take('and')) return 'and';
    return this.#take('or') ? 'or' : undefined;
  }

  #take(wanted: string): boolean {
    const word = this.words[this.#at];
    const isIt = word !== undefined && !word.isQuoted && word.text.toLowerCase() === wanted;
    if (isIt) this.#at += 1;
    return isIt;
  }

  #next(): Word {
    const word = this.words[this.#at];
    if (!word) throw new NotShown();
    this.#at += 1;
    return word;
  }
}
