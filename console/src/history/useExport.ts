import { useRef, useState } from 'react';

import { useApi } from '../api/client';
import { isAbort } from '../api/error';
import { useNotifications } from '../app/notifications-context';
import { download } from '../file/download';
import { formatCount } from '../i18n/format';
import { useLanguage, useTexts } from '../i18n/useTexts';
import type { Asked } from '../search/question';
import type { Column } from './columns';
import { exportEvents, type ExportFormat } from './export';
import { TEXT } from './text';

export interface Export {
  /** How many events are in the file by now, while one is made. */
  done?: number;
  start: (kind: ExportFormat) => void;
  cancel: () => void;
}

/** Writes what is shown to a file; what came of it is told as a notification. */
export function useExport(asked: Asked, columns: readonly Column[]): Export {
  const { opentrail } = useApi();
  const text = useTexts(TEXT);
  const language = useLanguage();
  const notifications = useNotifications();
  const underway = useRef<AbortController>(undefined);
  const [done, setDone] = useState<number>();

  const start = (kind: ExportFormat) => {
    const called = new AbortController();
    underway.current = called;
    setDone(0);
    exportEvents(opentrail, asked, { kind, columns }, called.signal, setDone)
      .then(({ file, events }) => {
        const name = `events-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.${kind}`;
        download(file, name);
        notifications.succeeded(text.exported(formatCount(events, language), name));
      })
      .catch((error: unknown) => {
        if (!isAbort(error)) notifications.failed(text.exportFailed, error);
      })
      .finally(() => { setDone(undefined); });
  };
  return { done, start, cancel: () => underway.current?.abort() };
}
