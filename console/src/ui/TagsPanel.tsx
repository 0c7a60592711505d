import { AddTagsCommand, ListTagsCommand, RemoveTagsCommand } from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import { useCallback, useState } from 'react';

import { type Api, useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { useTexts } from '../i18n/useTexts';
import { Failure } from './Failure';
import { TagLines } from './TagLines';
import { tagChanges, type TagLine, tagLines, tagsOf } from './tags';
import { UI } from './text';
import { useAction } from './useAction';

/** The tags of a trail, an event data store, a channel or a dashboard. */
export function TagsPanel({ arn }: { arn: string }) {
  const text = useTexts(UI);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const tags = useAnswer(useCallback((signal: AbortSignal) => listTags(api, arn, signal), [api, arn]));
  const [edited, setEdited] = useState<readonly TagLine[]>();

  const save = async (lines: readonly TagLine[]) => {
    const isSaved = await run(text.tagsNotSaved, () => putTags(api, arn, tags.value ?? [], tagsOf(lines)));
    if (!isSaved) return;
    succeeded(text.savedTags);
    setEdited(undefined);
    tags.reload();
  };

  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <Button
              disabled={edited === undefined}
              loading={isBusy}
              onClick={() => {
                if (edited) void save(edited);
              }}
            >
              {text.saveTags}
            </Button>
          }
        >
          {text.tags}
        </Header>
      }
    >
      {tags.error !== undefined && <Failure error={tags.error} onRetry={tags.reload} />}
      {tags.value ? <TagLines lines={edited ?? tagLines(tags.value)} onChange={setEdited} /> : <Spinner />}
    </Container>
  );
}

async function listTags(api: Api, arn: string, signal: AbortSignal) {
  const answer = await api.cloudtrail.send(new ListTagsCommand({ ResourceIdList: [arn] }), { abortSignal: signal });
  return answer.ResourceTagList?.[0]?.TagsList ?? [];
}

type Tags = ReturnType<typeof tagsOf>;

async function putTags(api: Api, arn: string, before: Tags, after: Tags): Promise<void> {
  const { add, remove } = tagChanges(before, after);
  if (remove.length > 0) await api.cloudtrail.send(new RemoveTagsCommand({ ResourceId: arn, TagsList: remove }));
  if (add.length > 0) await api.cloudtrail.send(new AddTagsCommand({ ResourceId: arn, TagsList: add }));
}
