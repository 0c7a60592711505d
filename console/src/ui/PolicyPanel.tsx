import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useCallback, useState } from 'react';

import { type Api, useApi } from '../api/client';
import { describeError } from '../api/error';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { texts } from '../i18n/language';
import { useTexts } from '../i18n/useTexts';
import { Failure } from './Failure';
import { useAction } from './useAction';

const TEXT = texts(
  {
    title: 'Resource policy',
    about: 'Who else may use this, as JSON of version 2012-10-17. The account itself needs none.',
    label: 'Policy document',
    none: 'There is no policy.',
    save: 'Save policy',
    remove: 'Remove policy',
    saved: 'The policy was saved.',
    removed: 'The policy was removed.',
    failed: 'The policy could not be changed',
  },
  {
    title: '리소스 정책',
    about: '다른 누가 사용할 수 있는지 2012-10-17 버전의 JSON으로 적습니다. 이 계정에는 필요 없습니다.',
    label: '정책 문서',
    none: '정책이 없습니다.',
    save: '정책 저장',
    remove: '정책 제거',
    saved: '정책을 저장했습니다.',
    removed: '정책을 제거했습니다.',
    failed: '정책을 변경하지 못했습니다',
  },
);

/** The resource policy of an event data store, a channel or a dashboard. */
export function PolicyPanel({ arn }: { arn: string }) {
  const text = useTexts(TEXT);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const policy = useAnswer(useCallback((signal: AbortSignal) => getPolicy(api, arn, signal), [api, arn]));
  const [edited, setEdited] = useState<string>();
  const shown = edited ?? policy.value ?? '';

  const change = async (said: string, act: () => Promise<unknown>) => {
    if (!(await run(text.failed, act))) return;
    succeeded(said);
    setEdited(undefined);
    policy.reload();
  };
  const save = () =>
    change(text.saved, () =>
      api.cloudtrail.send(new PutResourcePolicyCommand({ ResourceArn: arn, ResourcePolicy: shown })),
    );
  const remove = () =>
    change(text.removed, () => api.cloudtrail.send(new DeleteResourcePolicyCommand({ ResourceArn: arn })));

  return (
    <Container
      header={
        <Header
          variant="h2"
          description={text.about}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button disabled={!policy.value} loading={isBusy} onClick={() => void remove()}>
                {text.remove}
              </Button>
              <Button disabled={edited === undefined} loading={isBusy} onClick={() => void save()}>
                {text.save}
              </Button>
            </SpaceBetween>
          }
        >
          {text.title}
        </Header>
      }
    >
      {policy.error !== undefined && <Failure error={policy.error} onRetry={policy.reload} />}
      <FormField label={text.label} constraintText={policy.value === '' && text.none} stretch>
        <Textarea
          value={shown}
          rows={14}
          spellcheck={false}
          onChange={({ detail }) => {
            setEdited(detail.value);
          }}
        />
      </FormField>
    </Container>
  );
}

/** The document, laid out; empty when there is none, which the API tells as an error. */
async function getPolicy(api: Api, arn: string, signal: AbortSignal): Promise<string> {
  try {
    const answer = await api.cloudtrail.send(new GetResourcePolicyCommand({ ResourceArn: arn }), {
      abortSignal: signal,
    });
    return JSON.stringify(JSON.parse(answer.ResourcePolicy ?? '{}'), null, 2);
  } catch (error) {
    if (describeError(error).code === 'ResourcePolicyNotFoundException') return '';
    throw error;
  }
}
