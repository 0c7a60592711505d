import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import { useCallback } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { eventTarget } from '../app/links';
import { fill } from '../app/route';
import { formatTime } from '../i18n/format';
import { useTexts } from '../i18n/useTexts';
import { searchPage } from '../search/search';
import { Sentence } from '../sentence/Sentence';
import { Failure } from '../ui/Failure';
import { PlaceLink } from '../ui/PlaceLink';
import { chainOf, type ChainStep } from './chain';
import './chain.css';
import { nameOf, type Principal } from './principal';
import { TEXT } from './text';

/** From a principal back to the human, or service, that began it. */
export function Chain({ principal }: { principal: Principal }) {
  const text = useTexts(TEXT);
  const { opentrail } = useApi();
  const chain = useAnswer(
    useCallback(
      (signal) => {
        const find = async (Where: string) => {
          const page = await searchPage(opentrail, { Where, Categories: ['all'], Limit: 1 }, signal);
          return page.events[0];
        };
        return chainOf(find, principal);
      },
      [opentrail, principal],
    ),
  );
  return (
    <Container header={<Header description={text.behindHint}>{text.behind}</Header>}>
      {chain.error !== undefined && <Failure header={text.chainFailed} error={chain.error} onRetry={chain.reload} />}
      {chain.isLoading && <Spinner />}
      {chain.value && !chain.isLoading && <Steps principal={principal} steps={chain.value} />}
    </Container>
  );
}

function Steps({ principal, steps }: { principal: Principal; steps: readonly ChainStep[] }) {
  const text = useTexts(TEXT);
  if (steps.length === 0) return principal.kind === 'user' ? text.own : text.noBehind;
  return (
    <ol className="chain">
      <li>
        <Box fontWeight="bold" display="inline">{nameOf(principal)}</Box> <Badge>{text.here}</Badge>
      </li>
      {steps.map((step, index) => (
        <Step key={step.event.id} step={step} isLast={index === steps.length - 1} />
      ))}
    </ol>
  );
}

function Step({ step, isLast }: { step: ChainStep; isLast: boolean }) {
  const text = useTexts(TEXT);
  const { principal, identity, event } = step;
  const path = principal && fill('/principals/:kind/:id', { kind: principal.kind, id: principal.id });
  return (
    <li>
      {principal && path !== undefined ? (
        <PlaceLink path={path}><b>{nameOf(principal)}</b></PlaceLink>
      ) : (
        <b>{identity.invokedBy ?? identity.userName ?? identity.principalId ?? text.service}</b>
      )}{' '}
      {isLast && <Badge color="green">{principal ? text.human : text.service}</Badge>}
      <Box color="text-body-secondary" fontSize="body-s">
        <PlaceLink path={eventTarget(event.id).path}>{formatTime(event.time)}</PlaceLink> – <Sentence record={event.record} />
      </Box>
    </li>
  );
}
