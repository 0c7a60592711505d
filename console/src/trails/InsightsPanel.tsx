import { PutInsightSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { useTexts } from '../i18n/useTexts';
import { Failure } from '../ui/Failure';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { getInsights } from './calls';
import { INSIGHT_CATEGORIES, INSIGHT_TYPES, type InsightKey, keysOf, selectorsOf } from './insights';
import { TEXT } from './text';

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
    const isSaved = await run(text.insightsNotSaved, () =>
      api.cloudtrail.send(new PutInsightSelectorsCommand(request)),
    );
    if (!isSaved) return;
    succeeded(text.insightsSaved);
    setEdited(undefined);
    insights.reload();
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={text.insightsAbout}
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
          {text.insights}
        </Header>
      }
    >
      {insights.error !== undefined && <Failure error={insights.error} onRetry={insights.reload} />}
      {insights.value && (
        <InsightChecks keys={edited ?? keysOf(insights.value)} onChange={setEdited} />
      )}
    </Container>
  );
}

interface InsightChecksProps {
  keys: ReadonlySet<InsightKey>;
  onChange: (keys: ReadonlySet<InsightKey>) => void;
}

function InsightChecks({ keys, onChange }: InsightChecksProps) {
  const text = useTexts(TEXT);
  const set = (key: InsightKey, isOn: boolean) => {
    const next = new Set(keys);
    if (isOn) next.add(key);
    else next.delete(key);
    onChange(next);
  };
  return (
    <SpaceBetween size="xs">
      {INSIGHT_TYPES.flatMap((type) =>
        INSIGHT_CATEGORIES.map((category) => {
          const key: InsightKey = `${type} ${category}`;
          return (
            <Checkbox
              key={key}
              checked={keys.has(key)}
              onChange={({ detail }) => {
                set(key, detail.checked);
              }}
            >
              {text.insightTypes[type]}: {text.insightCategories[category]}
            </Checkbox>
          );
        }),
      )}
    </SpaceBetween>
  );
}
