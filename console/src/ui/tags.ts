import type { Tag } from '@aws-sdk/client-cloudtrail';

/** A tag as one edits it. */
export interface TagLine {
  readonly key: string;
  readonly value: string;
}

export function tagLines(tags: readonly Tag[] | undefined): TagLine[] {
  return (tags ?? []).map((tag) => ({ key: tag.Key ?? '', value: tag.Value ?? '' }));
}

/** Tags for a request; lines without a key are none, and an empty value is no value. */
export function tagsOf(lines: readonly TagLine[]): Tag[] {
  return lines
    .filter((line) => line.key.trim() !== '')
    .map(({ key, value }) => (value === '' ? { Key: key.trim() } : { Key: key.trim(), Value: value }));
}

/** What has to be asked for so that `before` becomes `after`. */
export function tagChanges(before: readonly Tag[], after: readonly Tag[]): { add: Tag[]; remove: Tag[] } {
  const valueBefore = new Map(before.map((tag) => [tag.Key, tag.Value]));
  const keysAfter = new Set(after.map((tag) => tag.Key));
  return {
    add: after.filter((tag) => !valueBefore.has(tag.Key) || valueBefore.get(tag.Key) !== tag.Value),
    remove: before.filter((tag) => !keysAfter.has(tag.Key)),
  };
}
