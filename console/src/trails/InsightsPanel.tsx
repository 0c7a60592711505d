import { PutInsightSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { useTexts } from '../i18n/useTexts';
import { InsightChecks } from '../insights/InsightChecks';
import { INSIGHT_CATEGORIES, type InsightKey, keysOf, selectorsOf } from '../insights/insights';
import { TEXT } from '../insights/text';
import { Failure } from '../ui/Failure';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { getInsights } from './calls';

/** Which Insights a trail logs. */
export function InsightsPanel({ arn }: { arn: string }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const insights = useAnswer(useCallback((signal: AbortSignal) => getInsights(api, arn, signal), [api, arn]));
  const [edited, setEdited] = useState<ReadonlySet<InsightKey>>();

  const save = async (keys: ReadonlySet<InsightKey>) => {
    const request = { TrailName: arn, InsightSelectors: selectorsOf(keys) };
    const isSaved = await run(text.notSaved, () =>
      api.cloudtrail.send(new PutInsightSelectorsCommand(request)),
    );
    if (!isSaved) return;
    succeeded(text.saved);
    setEdited(undefined);
    insights.reload();
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={text.about}
          actions={
            <Button
              disabled={!edited}
              loading={isBusy}
              onClick={() => {
                if (edited) void save(edited);
              }}
            >
              {ui.save}
            </Button>
          }
        >
          {text.title}
        </Header>
      }
    >
      {insights.error !== undefined && <Failure error={insights.error} onRetry={insights.reload} />}
      {insights.value && (
        <InsightChecks keys={edited ?? keysOf(insights.value)} categories={INSIGHT_CATEGORIES} onChange={setEdited} />
      )}
    </Container>
  );
}
