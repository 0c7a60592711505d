import type { PropertyFilterProps } from '@cloudscape-design/components/property-filter';

import { isAttribute } from '../filter/attributes';
import { type Group, isGroup, OPERATORS, type Query, type Token } from '../filter/query';

type BarToken = PropertyFilterProps.Token;
type BarGroup = PropertyFilterProps.TokenGroup;

/** A query as Cloudscape's property filter holds it. */
export function toBar(query: Query): PropertyFilterProps.Query {
  const groups = query.parts.map((part): BarToken | BarGroup =>
    isGroup(part) ? { operation: part.operation, tokens: part.tokens.map(barToken) } : barToken(part),
  );
  return { operation: query.operation, tokens: [], tokenGroups: groups };
}

/** What somebody made of it there. */
export function fromBar(bar: PropertyFilterProps.Query): Query {
  const parts = (bar.tokenGroups ?? bar.tokens).flatMap((part): readonly (Token | Group)[] => {
    if (!('tokens' in part)) return token(part);
    const tokens = part.tokens.flatMap((inner) => ('tokens' in inner ? [] : token(inner)));
    const only = tokens[0];
    if (only && tokens.length === 1) return [only];
    return tokens.length === 0 ? [] : [{ operation: part.operation, tokens }];
  });
  return { operation: bar.operation, parts };
}

function barToken({ attribute, operator, value }: Token): BarToken {
  return { operator, value, ...(attribute && { propertyKey: attribute }) };
}

function token({ propertyKey, operator, value }: BarToken): Token[] {
  const known = OPERATORS.find((it) => it === operator);
  if (!known || typeof value !== 'string' || value === '') return [];
  if (propertyKey === undefined) return [{ operator: known, value }];
  return isAttribute(propertyKey) ? [{ attribute: propertyKey, operator: known, value }] : [];
}
