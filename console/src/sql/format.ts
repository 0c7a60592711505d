/** Lays a statement out: a clause a line, long lists an item a line, subqueries indented. Only space and the case of keywords change. */

import { isKeyword } from './keywords';
import { type Token, tokenize } from './tokens';

const WIDTH_MAX = 100;
const INDENT = '  ';

/** What stands in parentheses or brackets, or one token. */
type Node = Token | Group;

interface Group {
  readonly open: '(' | '[';
  readonly nodes: readonly Node[];
}

const CLOSES = { '(': ')', '[': ']' } as const;

/** The statement laid out; as it is when its parentheses don't match. */
export function formatStatement(statement: string): string {
  const tokens = tokenize(statement);
  const reader = { tokens, at: 0 };
  const nodes = readNodes(reader, undefined);
  if (nodes === undefined || reader.at < tokens.length) return statement;
  return query(nodes, '');
}

function readNodes(reader: { tokens: Token[]; at: number }, close: string | undefined): Node[] | undefined {
  const nodes: Node[] = [];
  for (;;) {
    const token = reader.tokens[reader.at];
    if (token === undefined) return close === undefined ? nodes : undefined;
    if (token.kind === 'symbol' && (token.text === ')' || token.text === ']')) {
      if (token.text !== close) return undefined;
      reader.at += 1;
      return nodes;
    }
    reader.at += 1;
    if (token.kind === 'symbol' && (token.text === '(' || token.text === '[')) {
      const inner = readNodes(reader, CLOSES[token.text]);
      if (inner === undefined) return undefined;
      nodes.push({ open: token.text, nodes: inner });
    } else {
      nodes.push(token);
    }
  }
}

/** What begins a line, the longest first; `AND` and `,` break long lines only. */
const HEADS = [
  'with recursive',
  'with',
  'select distinct',
  'select',
  'from',
  'where',
  'group by',
  'having',
  'window',
  'order by',
  'limit',
  'offset',
  'fetch',
  'union all',
  'union distinct',
  'union',
  'except all',
  'except',
  'intersect all',
  'intersect',
  ...['left outer', 'right outer', 'full outer', 'left', 'right', 'full', 'inner', 'cross', 'natural'].map(
    (kind) => `${kind} join`,
  ),
  'join',
].map((head) => head.split(' '));

interface Clause {
  readonly head: string;
  readonly nodes: readonly Node[];
}

function query(nodes: readonly Node[], indent: string): string {
  return clauses(nodes)
    .map((clause) => clauseText(clause, indent))
    .join('\n');
}

function clauses(nodes: readonly Node[]): Clause[] {
  const found: { head: string; nodes: Node[] }[] = [];
  for (let at = 0; at < nodes.length;) {
    const head = headAt(nodes, at);
    if (head !== undefined) {
      found.push({ head: head.join(' ').toUpperCase(), nodes: [] });
      at += head.length;
    } else {
      if (found.length === 0) found.push({ head: '', nodes: [] });
      const node = nodes[at];
      if (node !== undefined) found.at(-1)?.nodes.push(node);
      at += 1;
    }
  }
  return found;
}

function headAt(nodes: readonly Node[], at: number): string[] | undefined {
  // `IS DISTINCT FROM` is no clause.
  if (wordAt(nodes, at) === 'from' && wordAt(nodes, at - 1) === 'distinct') return undefined;
  return HEADS.find((head) => head.every((word, index) => wordAt(nodes, at + index) === word));
}

/** A word that is no name for sure: not the member of a struct, not an alias. */
function wordAt(nodes: readonly Node[], at: number): string | undefined {
  if (isSymbol(nodes[at - 1], '.') || isWord(nodes[at - 1], 'as')) return undefined;
  const node = nodes[at];
  return node !== undefined && 'kind' in node && node.kind === 'word' ? node.text.toLowerCase() : undefined;
}

function isWord(node: Node | undefined, word: string): boolean {
  return node !== undefined && 'kind' in node && node.kind === 'word' && node.text.toLowerCase() === word;
}

function clauseText({ head, nodes }: Clause, indent: string): string {
  const body = line(nodes, indent);
  const whole = [head, body].filter((part) => part !== '').join(' ');
  const parts = pieces(head, nodes);
  if (head === '' || parts.length < 2 || (indent.length + whole.length <= WIDTH_MAX && !whole.includes('\n'))) {
    return indentFirst(whole, indent);
  }
  const deeper = indent + INDENT;
  return [indent + head, ...parts.map((part) => indentFirst(line(part, deeper), deeper))].join('\n');
}

function indentFirst(text: string, indent: string): string {
  return text.startsWith('\n') ? text.slice(1) : indent + text;
}

/** Where a clause may break: after commas, and before AND and OR of conditions, but not that of BETWEEN. */
function pieces(head: string, nodes: readonly Node[]): Node[][] {
  const isCondition = head === 'WHERE' || head === 'HAVING';
  const found: Node[][] = [[]];
  let isBetween = false;
  nodes.forEach((node, at) => {
    const word = wordAt(nodes, at);
    if (isCondition && (word === 'or' || (word === 'and' && !isBetween))) found.push([]);
    if (word === 'between') isBetween = true;
    else if (word === 'and') isBetween = false;
    found.at(-1)?.push(node);
    if (!isCondition && isSymbol(node, ',') && !isComment(nodes[at + 1])) found.push([]);
    if (!isCondition && isComment(node) && isSymbol(nodes[at - 1], ',')) found.push([]);
  });
  return found.filter((piece) => piece.length > 0);
}

function isComment(node: Node | undefined): boolean {
  return node !== undefined && 'kind' in node && node.kind === 'line-comment';
}

function isSymbol(node: Node | undefined, text: string): boolean {
  return node !== undefined && 'kind' in node && node.kind === 'symbol' && node.text === text;
}

/** Nodes after one another, with subqueries and comments on lines of their own. */
function line(nodes: readonly Node[], indent: string): string {
  let text = '';
  nodes.forEach((node, at) => {
    if (text !== '' && !text.endsWith('\n') && needsSpace(nodes, at)) text += ' ';
    if (text.endsWith('\n')) text += indent + INDENT;
    text += 'kind' in node ? tokenText(nodes, at, node) : groupText(node, indent);
    if (isComment(node) && at < nodes.length - 1) text += '\n';
  });
  return text;
}

function tokenText(nodes: readonly Node[], at: number, token: Token): string {
  return isKeyword(wordAt(nodes, at) ?? '') ? token.text.toUpperCase() : token.text;
}

function groupText(group: Group, indent: string): string {
  const close = CLOSES[group.open];
  if (isQuery(group)) return `${group.open}\n${query(group.nodes, indent + INDENT)}\n${indent}${close}`;
  const inner = line(group.nodes, indent);
  return endsWithComment(group) ? `${group.open}${inner}\n${indent}${close}` : group.open + inner + close;
}

function endsWithComment(group: Group): boolean {
  return isComment(group.nodes.at(-1));
}

function isQuery(group: Group): boolean {
  const first = group.nodes.findIndex((node) => !('kind' in node) || !node.kind.endsWith('-comment'));
  return group.open === '(' && ['select', 'with', 'values'].includes(wordAt(group.nodes, first) ?? '');
}

function needsSpace(nodes: readonly Node[], at: number): boolean {
  const before = nodes[at - 1];
  const node = nodes[at];
  if (before === undefined || node === undefined) return false;
  if (isSymbol(before, '.') || isSymbol(node, '.') || isSymbol(node, ',') || isSymbol(node, ';')) return false;
  if (!('kind' in node)) return !isCalled(nodes, at - 1);
  return !isSign(nodes, at - 1);
}

/** Does a parenthesis or bracket after this belong to it, as the arguments of a function do? */
function isCalled(nodes: readonly Node[], at: number): boolean {
  const node = nodes[at];
  if (node === undefined) return false;
  if (!('kind' in node)) return true;
  if (node.kind === 'quoted') return true;
  const isFilter = isWord(node, 'filter') && at > 0 && !('kind' in (nodes[at - 1] ?? node));
  return node.kind === 'word' && !isKeyword(wordAt(nodes, at) ?? '') && !isFilter;
}

/** Is this the sign of a number, and not between two? */
function isSign(nodes: readonly Node[], at: number): boolean {
  if (!isSymbol(nodes[at], '-') && !isSymbol(nodes[at], '+')) return false;
  const before = nodes[at - 1];
  if (before === undefined) return true;
  if (!('kind' in before)) return false;
  return before.kind === 'symbol' || (before.kind === 'word' && isKeyword(before.text));
}
