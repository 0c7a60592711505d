import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { useApi } from '../api/client';
import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { useAction } from '../ui/useAction';
import { useQueryState } from '../ui/useQueryState';
import { type HourStatus, verdict, type VerifiedHour } from './calendar';
import { HourCalendar } from './HourCalendar';
import { TEXT } from './text';

interface Count {
  Valid: number;
  Invalid: number;
}

/** The answer of `OpenTrail.VerifyTrail`. */
interface Verification {
  StartTime: string;
  EndTime: string;
  Digests: Count;
  LogFiles: Count;
  Hours: readonly VerifiedHour[];
}

const HOURS = ['24', '72', '168', '720'] as const;
const ALERTS: Record<HourStatus, 'success' | 'warning' | 'error'> = {
  verified: 'success',
  unverified: 'warning',
  broken: 'error',
};

/** Whether what a trail delivered is as it was. */
export function VerifyPanel({ arn }: { arn: string }) {
  const text = useTexts(TEXT);
  const { opentrail } = useApi();
  const { isBusy, run } = useAction();
  const [hours, setHours] = useQueryState('hours', '24');
  const [verification, setVerification] = useState<Verification>();
  const range = HOURS.find((it) => it === hours) ?? '24';

  const verify = () => {
    const now = Date.now();
    const StartTime = new Date(now - Number(range) * 3_600_000).toISOString();
    const input = { TrailArn: arn, StartTime, EndTime: new Date(now).toISOString() };
    void run(text.notVerified, async () => {
      setVerification(await opentrail.call<Verification>('VerifyTrail', input));
    });
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={text.verifyAbout}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Select
                selectedOption={{ value: range, label: text.ranges[range] }}
                options={HOURS.map((value) => ({ value, label: text.ranges[value] }))}
                ariaLabel={text.range}
                onChange={({ detail }) => {
                  setHours(detail.selectedOption.value ?? '24');
                }}
              />
              <Button variant="primary" loading={isBusy} onClick={verify}>
                {text.verify}
              </Button>
            </SpaceBetween>
          }
        >
          {text.verifyTitle}
        </Header>
      }
    >
      {verification && <Outcome verification={verification} />}
    </Container>
  );
}

function Outcome({ verification }: { verification: Verification }) {
  const text = useTexts(TEXT);
  const language = useLanguage();
  const found = verdict(verification.Hours);
  const say = ({ Valid, Invalid }: Count) => text.valid(formatCount(Valid, language), formatCount(Invalid, language));
  return (
    <SpaceBetween size="l">
      <Alert type={ALERTS[found]}>{text.verdicts[found]}</Alert>
      <KeyValuePairs
        columns={2}
        items={[
          { label: text.digests, value: say(verification.Digests) },
          { label: text.logFiles, value: say(verification.LogFiles) },
        ]}
      />
      <HourCalendar hours={verification.Hours} />
    </SpaceBetween>
  );
}
