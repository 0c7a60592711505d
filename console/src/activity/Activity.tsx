import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Spinner from '@cloudscape-design/components/spinner';
import { useCallback, useMemo } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { historyOf } from '../app/links';
import { go } from '../app/place';
import type { Attribute } from '../filter/attributes';
import { EVERYTHING, type Token } from '../filter/query';
import { whereOf } from '../filter/expression';
import { Facets } from '../history/Facets';
import { Histogram } from '../history/Histogram';
import { formatCount, formatTime } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { type Asked, writeQuestion } from '../search/question';
import { summarize, type Summary } from '../search/search';
import { Ago } from '../ui/Ago';
import { Failure } from '../ui/Failure';
import './activity.css';
import { firstSeen, lastSeen } from './seen';
import { TEXT } from './text';

/** The question for all events with a value, of every category. */
export function allOf(token: Token): Asked {
  return { Where: whereOf({ operation: 'and', parts: [token] }), Categories: ['all'] };
}

/** What is known of all events with a value: how many, since when, over time, and with which other values. */
export function Activity({ token, facets }: { token: Token; facets: readonly Attribute[] }) {
  const text = useTexts(TEXT);
  const { opentrail } = useApi();
  const asked = useMemo(() => allOf(token), [token]);
  const summary = useAnswer(
    useCallback((signal) => summarize(opentrail, { ...asked, Buckets: 80, Facets: facets, Top: 8 }, signal), [opentrail, asked, facets]),
  );
  if (summary.error !== undefined) return <Failure header={text.summaryFailed} error={summary.error} onRetry={summary.reload} />;
  if (!summary.value) return <Spinner size="large" />;
  const zoom = (from: string, to: string) => {
    const { path, query } = historyOf(token);
    const question = { query: { ...EVERYTHING, parts: [token] }, category: 'all', range: { type: 'absolute', from, to } } as const;
    go(path, writeQuestion(query ?? new URLSearchParams(), question));
  };
  return (
    <Container header={<Header>{text.activity}</Header>}>
      <SpaceBetween size="l">
        <Totals asked={asked} summary={summary.value} />
        {summary.value.Total > 0 && <Histogram summary={summary.value} onZoom={zoom} />}
        <div className="activity-facets">
          <Facets facets={summary.value.Facets} narrowing={leadingToHistory(token)} />
        </div>
      </SpaceBetween>
    </Container>
  );
}

/** Here a value leads to the events that have it, too. */
function leadingToHistory(token: Token) {
  const show = (other: Token) => {
    const { path, query } = historyOf(token, other);
    query?.set('category', 'all');
    go(path, query);
  };
  return {
    query: EVERYTHING,
    onToggle: show,
    onExclude: (attribute: Attribute, value: string) => { show({ attribute, operator: '!=', value }); },
  };
}

function Totals({ asked, summary }: { asked: Asked; summary: Summary }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  const { opentrail } = useApi();
  const first = useAnswer(useCallback((signal) => firstSeen(opentrail, asked, signal), [opentrail, asked]));
  const last = useAnswer(useCallback((signal) => lastSeen(opentrail, asked, signal), [opentrail, asked]));
  const failed = summary.Histogram.reduce((sum, { Errors }) => sum + Errors, 0);
  return (
    <KeyValuePairs
      columns={4}
      items={[
        { label: text.events, value: formatCount(summary.Total, language) },
        { label: text.failed, value: <Box color={failed > 0 ? 'text-status-error' : 'inherit'}>{formatCount(failed, language)}</Box> },
        { label: text.firstSeen, value: <Seen at={first.value} isLoading={first.isLoading} /> },
        { label: text.lastSeen, value: <Seen at={last.value} isLoading={last.isLoading} /> },
      ]}
    />
  );
}

function Seen({ at, isLoading }: { at?: string; isLoading: boolean }) {
  const text = useTexts(TEXT);
  if (isLoading) return <Spinner />;
  if (at === undefined) return text.never;
  return <>{formatTime(at)} <Box color="text-body-secondary" display="inline">(<Ago at={at} />)</Box></>;
}
