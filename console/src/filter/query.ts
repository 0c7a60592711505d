import type { Attribute } from './attributes';

/** How a value is compared; the signs are those of Cloudscape's property filter. */
export const OPERATORS = ['=', '!=', ':', '!:', '^', '!^'] as const;
export type Operator = (typeof OPERATORS)[number];

/** One comparison. Without an attribute it looks for a text in all attributes that people read. */
export interface Token {
  attribute?: Attribute;
  operator: Operator;
  /** `*` with `=` or `!=`: whether there is any value. */
  value: string;
}

export type Join = 'and' | 'or';

/** Comparisons in parentheses. */
export interface Group {
  operation: Join;
  tokens: readonly Token[];
}

/** What the query bar holds: one level of groups, as it can show them. */
export interface Query {
  operation: Join;
  parts: readonly (Token | Group)[];
}

export const EVERYTHING: Query = { operation: 'and', parts: [] };

export function isGroup(part: Token | Group): part is Group {
  return 'tokens' in part;
}

/** Whether two parts are the same one. */
export function isSamePart(one: Token | Group, other: Token | Group): boolean {
  if (!isGroup(one) || !isGroup(other)) return !isGroup(one) && !isGroup(other) && isSameToken(one, other);
  return one.operation === other.operation && one.tokens.length === other.tokens.length && one.tokens.every((token, index) => {
    const twin = other.tokens[index];
    return twin !== undefined && isSameToken(token, twin);
  });
}

/** Whether two comparisons are the same one. */
export function isSameToken(one: Token, other: Token): boolean {
  return one.attribute === other.attribute && one.operator === other.operator && one.value === other.value;
}

/**
 * The query, narrowed by one more comparison that must hold, too.
 *
 * An alternative has room for one level of groups alone, so that the comparison is added to each of its branches:
 * `(a AND b) OR c` becomes `(a AND b AND t) OR (c AND t)`.
 */
export function narrowed(query: Query, token: Token): Query {
  if (query.parts.length <= 1 || query.operation === 'and') return narrowedAll(query, token);
  const alternative = alternativeOf(query);
  if (alternative) return { operation: 'and', parts: [alternative, token] };
  const branches = query.parts.flatMap((part): Group[] => {
    if (!isGroup(part)) return [{ operation: 'and', tokens: [part, token] }];
    if (part.operation === 'and') return [{ operation: 'and', tokens: [...part.tokens, token] }];
    return part.tokens.map((one) => ({ operation: 'and', tokens: [one, token] }));
  });
  return { operation: 'or', parts: branches };
}

/** The query, narrowed by a group; nothing where an alternative has groups itself, which leaves no room for one more. */
export function narrowedByGroup(query: Query, group: Group): Query | undefined {
  if (query.parts.length <= 1 || query.operation === 'and') return { operation: 'and', parts: [...query.parts, group] };
  const alternative = alternativeOf(query);
  return alternative && { operation: 'and', parts: [alternative, group] };
}

/** An alternative of comparisons alone, as a group. */
function alternativeOf({ parts }: Query): Group | undefined {
  const tokens = parts.filter((part): part is Token => !isGroup(part));
  return tokens.length === parts.length ? { operation: 'or', tokens } : undefined;
}

function narrowedAll(query: Query, token: Token): Query {
  const parts = query.parts.filter((part) => isGroup(part) || !contradicts(part, token));
  const isThere = parts.some((part) => !isGroup(part) && isSameToken(part, token));
  return { operation: 'and', parts: isThere ? parts : [...parts, token] };
}

/** Excluding what was asked for, or the other way round, means the last of the two. */
function contradicts(token: Token, next: Token): boolean {
  const isOpposite = token.operator !== next.operator && [token.operator, next.operator].every((it) => it === '=' || it === '!=');
  return isOpposite && token.attribute === next.attribute && token.value === next.value;
}

/** The query without a part, wherever it stands at the top. */
export function without(query: Query, unwanted: Token | Group): Query {
  return { ...query, parts: query.parts.filter((part) => !isSamePart(part, unwanted)) };
}

export function hasToken(query: Query, token: Token): boolean {
  return query.parts.some((part) => !isGroup(part) && isSameToken(part, token));
}
