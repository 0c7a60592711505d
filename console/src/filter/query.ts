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
  const tokens = query.parts.filter((part): part is Token => !isGroup(part));
  if (tokens.length === query.parts.length) {
    return { operation: 'and', parts: [{ operation: 'or', tokens }, token] };
  }
  const branches = query.parts.flatMap((part): Group[] => {
    if (!isGroup(part)) return [{ operation: 'and', tokens: [part, token] }];
    if (part.operation === 'and') return [{ operation: 'and', tokens: [...part.tokens, token] }];
    return part.tokens.map((one) => ({ operation: 'and', tokens: [one, token] }));
  });
  return { operation: 'or', parts: branches };
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

/** The query without a comparison, wherever it stands at the top. */
export function without(query: Query, token: Token): Query {
  return { ...query, parts: query.parts.filter((part) => isGroup(part) || !isSameToken(part, token)) };
}

export function hasToken(query: Query, token: Token): boolean {
  return query.parts.some((part) => !isGroup(part) && isSameToken(part, token));
}
