import { expect, test } from 'vitest';
import server from '../../../crates/model/src/selectors/tables.rs?raw';
import { NETWORK_EVENT_SOURCES, RESOURCE_TYPES } from './catalogue';

function table(name: string): string[] {
  const body = server.slice(server.indexOf(`const ${name}`)).split('];', 1)[0] ?? '';
  return [...body.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? '');
}

test("resource types are the server's", () => {
  expect([...RESOURCE_TYPES].sort()).toEqual(table('RESOURCE_TYPES').sort());
});

test("network event sources are the server's", () => {
  expect([...NETWORK_EVENT_SOURCES].sort()).toEqual(table('NETWORK_EVENT_SOURCES').sort());
});
