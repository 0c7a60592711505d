import { formatAgo, formatTime } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import { UI } from './text';
import { useNow } from './useNow';

/** How long ago something was; when exactly is told to who points at it. */
export function Ago({ at }: { at: Date | string | undefined }) {
  const language = useLanguage();
  const text = useTexts(UI);
  const now = useNow();
  if (at === undefined) return text.never;
  const date = new Date(at);
  // What just happened is newer than the time that was last looked at.
  return (
    <time dateTime={date.toISOString()} title={formatTime(date)}>
      {formatAgo(date, date > now ? date : now, language)}
    </time>
  );
}
