import { describe, expect, test } from 'vitest';

import { foundEvent, type FoundEvent, type UserIdentity } from '../records/record';
import { chainOf, type Find } from './chain';

const session = (role: string, key: string): UserIdentity => ({
  type: 'AssumedRole',
  arn: `arn:aws:sts::1:assumed-role/${role}/${role.toLowerCase()}-session`,
  accessKeyId: key,
});
const alice: UserIdentity = { type: 'IAMUser', userName: 'alice', accessKeyId: 'AKIAALICE' };

function call(id: string, userIdentity: UserIdentity): FoundEvent {
  return foundEvent({ Time: '2026-11-22T10:00:00.000Z', Position: 1, Event: JSON.stringify({ eventID: id, userIdentity }) });
}

/** Answers from a table of expressions, and notes what was asked. */
function finding(answers: Record<string, FoundEvent>): { find: Find; asked: string[] } {
  const asked: string[] = [];
  return { asked, find: (where) => Promise.resolve((asked.push(where), answers[where])) };
}

const given = (key: string) => `event-source = sts.amazonaws.com AND resource-name = ${key}`;

describe('the chain', () => {
  test('leads from a key over roles back to a user', async () => {
    const { find } = finding({
      [given('ASIA2')]: call('second', session('Jump', 'ASIA1')),
      [given('ASIA1')]: call('first', alice),
    });
    const steps = await chainOf(find, { kind: 'key', id: 'ASIA2' });
    expect(steps.map(({ event, principal }) => [event.id, principal])).toEqual([
      ['second', { kind: 'session', id: 'arn:aws:sts::1:assumed-role/Jump/jump-session' }],
      ['first', { kind: 'user', id: 'alice' }],
    ]);
  });

  test('of a session begins with the key that it used', async () => {
    const arn = 'arn:aws:sts::1:assumed-role/Deploy/ci';
    const { find } = finding({
      [`user-arn = ${arn} AND access-key-id ^= ASIA`]: call('used', session('Deploy', 'ASIA9')),
      [given('ASIA9')]: call('first', alice),
    });
    expect((await chainOf(find, { kind: 'session', id: arn })).map(({ event }) => event.id)).toEqual(['first']);
  });

  test('of a session without a known key goes by its name', async () => {
    const arn = 'arn:aws:sts::1:assumed-role/Deploy/ci';
    const { find } = finding({ [`event-name ^= AssumeRole AND resource-name = ${arn}`]: call('first', alice) });
    expect((await chainOf(find, { kind: 'session', id: arn })).map(({ event }) => event.id)).toEqual(['first']);
  });

  test('of a user’s key is who made it', async () => {
    const { find } = finding({ 'event-name = CreateAccessKey AND resource-name = AKIA1': call('made', alice) });
    expect((await chainOf(find, { kind: 'key', id: 'AKIA1' })).map(({ event }) => event.id)).toEqual(['made']);
  });

  test('ends at services, and where no record tells more', async () => {
    const service: UserIdentity = { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' };
    const { find } = finding({ [given('ASIA1')]: call('first', service) });
    const steps = await chainOf(find, { kind: 'key', id: 'ASIA1' });
    expect(steps).toHaveLength(1);
    expect(steps[0]?.principal).toBeUndefined();
    expect(await chainOf(find, { kind: 'user', id: 'alice' })).toEqual([]);
    expect(await chainOf(find, { kind: 'key', id: 'ASIAUNKNOWN' })).toEqual([]);
  });

  test('a circle of odd records ends', async () => {
    const { find, asked } = finding({ [given('ASIA1')]: call('same', session('Loop', 'ASIA1')) });
    expect(await chainOf(find, { kind: 'key', id: 'ASIA1' })).toHaveLength(1);
    expect(asked.length).toBeLessThan(4);
  });
});
