import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import { useCallback, useMemo } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { fill } from '../app/route';
import { whereOf } from '../filter/expression';
import { formatTime } from '../i18n/format';
import { useTexts } from '../i18n/useTexts';
import { type FoundEvent, textAt } from '../records/record';
import { searchPage } from '../search/search';
import { Failure } from '../ui/Failure';
import { PlaceLink } from '../ui/PlaceLink';
import { callsOf, nameOf, type Principal } from './principal';
import { TEXT } from './text';

const CALLS_MAX = 200;

/** The sessions that a principal began: where its trace goes on. */
export function Assumed({ principal }: { principal: Principal }) {
  const text = useTexts(TEXT);
  const { opentrail } = useApi();
  const calls = useAnswer(
    useCallback(
      async (signal) => {
        const parts = [callsOf(principal), { attribute: 'event-name', operator: '^', value: 'AssumeRole' } as const];
        const question = { Where: whereOf({ operation: 'and', parts }), Categories: ['all'], Limit: CALLS_MAX };
        return (await searchPage(opentrail, question, signal)).events;
      },
      [opentrail, principal],
    ),
  );
  const sessions = useMemo(() => sessionsOf(calls.value ?? []), [calls.value]);
  return (
    <Container header={<Header counter={calls.value && `(${String(sessions.length)})`}>{text.assumed}</Header>}>
      {calls.error !== undefined && <Failure error={calls.error} onRetry={calls.reload} />}
      {calls.isLoading ? <Spinner /> : sessions.length === 0 && text.noAssumed}
      <ul className="assumed">
        {sessions.map(({ id, time }) => (
          <li key={id}>
            <PlaceLink path={fill('/principals/:kind/:id', { kind: 'session', id })}>{nameOf({ kind: 'session', id })}</PlaceLink> – {formatTime(time)}
          </li>
        ))}
      </ul>
    </Container>
  );
}

/** Each session once, as of when it was begun last. */
function sessionsOf(calls: readonly FoundEvent[]): { id: string; time: string }[] {
  const found = new Map<string, string>();
  for (const { record, time } of calls) {
    const id = textAt(record.responseElements, 'assumedRoleUser.arn');
    if (id !== undefined && !found.has(id)) found.set(id, time);
  }
  return [...found].map(([id, time]) => ({ id, time }));
}
