import { expect, test } from 'vitest';
import { type Health, worst } from './health';

const WELL: Health = {
  Products: [{ Name: 'journal', State: 'ok', OldestAgeSeconds: 0, LagRecords: 0 }],
  Stores: [{ Id: 'h', Name: 'h', Kind: 'history', Events: 1, Bytes: 1, Segments: 1, Damaged: 0 }],
  Quarantine: [],
  Version: '0.1.0',
  StartedAt: '2026-11-22T10:00:00.000Z',
};

test('the worst product tells', () => {
  expect(worst(WELL)).toBe('ok');
  const behind = { ...WELL.Products[0], Name: 'lake', State: 'behind', OldestAgeSeconds: 9, LagRecords: 9 } as const;
  expect(worst({ ...WELL, Products: [...WELL.Products, behind] })).toBe('behind');
});

test('what is damaged or kept apart is as bad as what fails', () => {
  expect(worst({ ...WELL, Stores: WELL.Stores.map((store) => ({ ...store, Damaged: 1 })) })).toBe('failing');
  expect(worst({ ...WELL, Quarantine: [{ Name: 'import', Count: 1 }] })).toBe('failing');
});
