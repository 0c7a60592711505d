import type { Trail } from '@aws-sdk/client-cloudtrail';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';

import { useTexts } from '../i18n/useTexts';
import { UI } from '../ui/text';
import { CopyText } from '../ui/CopyText';
import { TEXT } from './text';

/** The settings of a trail, to read. */
export function SettingsPanel({ trail }: { trail: Trail }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const flag = (isOn: boolean | undefined) => (isOn ? ui.on : ui.off);
  return (
    <Container header={<Header variant="h2">{text.settings}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: text.arn, value: <CopyText text={trail.TrailARN ?? ''} /> },
          { label: text.home, value: trail.HomeRegion },
          { label: text.regions, value: trail.IsMultiRegionTrail ? text.allRegions : text.oneRegion },
          { label: text.bucket, value: trail.S3BucketName },
          { label: text.prefix, value: trail.S3KeyPrefix ?? ui.none },
          { label: text.validation, value: flag(trail.LogFileValidationEnabled) },
          { label: text.globalEvents, value: flag(trail.IncludeGlobalServiceEvents) },
          { label: text.topic, value: trail.SnsTopicARN ?? ui.none },
          { label: text.key, value: trail.KmsKeyId ?? ui.none },
        ]}
      />
    </Container>
  );
}
