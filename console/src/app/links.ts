import { printQuery } from '../filter/expression';
import type { Token } from '../filter/query';
import type { Link } from '../sentence/part';
import { fill } from './route';

/** Where in the console something is shown. */
export interface Target {
  path: string;
  query?: URLSearchParams;
}

/** The page of what a sentence names. */
export function targetOf(link: Link): Target {
  switch (link.kind) {
    case 'user':
    case 'session':
    case 'key':
      return { path: fill('/principals/:kind/:id', { kind: link.kind, id: link.id }) };
    case 'resource':
      return { path: fill('/resources/:name', { name: link.name }) };
    case 'address':
      return historyOf({ attribute: 'source-ip', operator: '=', value: link.address });
  }
}

export function eventTarget(id: string): Target {
  return { path: fill('/events/:id', { id }) };
}

/** Event history, filtered. */
export function historyOf(...tokens: readonly Token[]): Target {
  return { path: '/history', query: new URLSearchParams({ q: printQuery({ operation: 'and', parts: tokens }) }) };
}
