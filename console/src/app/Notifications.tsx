import Flashbar, { type FlashbarProps } from '@cloudscape-design/components/flashbar';
import { type ReactNode, useCallback, useMemo, useState } from 'react';

import { describeError } from '../api/error';
import { useTexts } from '../i18n/useTexts';
import { NotificationsContext } from './notifications-context';
import { TEXT } from './text';

/** Holds what pages have to tell until it is dismissed; {@link NotificationBar} shows it. */
export function NotificationsProvider({ children }: { children: ReactNode }) {
  const text = useTexts(TEXT);
  const [items, setItems] = useState<FlashbarProps.MessageDefinition[]>([]);

  const add = useCallback((item: FlashbarProps.MessageDefinition) => {
    const id = crypto.randomUUID();
    const dismiss = () => {
      setItems((last) => last.filter((other) => other.id !== id));
    };
    // A stack shows its first.
    setItems((last) => [{ ...item, id, dismissible: true, dismissLabel: text.close, onDismiss: dismiss }, ...last]);
  }, [text]);

  const store = useMemo(
    () => ({
      items,
      succeeded: (content: ReactNode) => {
        add({ type: 'success', content });
      },
      failed: (header: ReactNode, error: unknown) => {
        const { code, message } = describeError(error);
        add({ type: 'error', header, content: `${code}: ${message}` });
      },
    }),
    [items, add],
  );
  return <NotificationsContext value={store}>{children}</NotificationsContext>;
}

export function NotificationBar({ items }: { items: readonly FlashbarProps.MessageDefinition[] }) {
  return <Flashbar items={items} stackItems />;
}
