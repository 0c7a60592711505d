import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, type ReactNode, useContext } from 'react';

export interface NotificationsStore {
  items: readonly FlashbarProps.MessageDefinition[];
  succeeded: (content: ReactNode) => void;
  failed: (header: ReactNode, error: unknown) => void;
}

export const NotificationsContext = createContext<NotificationsStore | undefined>(undefined);

/** Tells somebody how what they asked for went. */
export function useNotifications(): NotificationsStore {
  const store = useContext(NotificationsContext);
  if (!store) throw new Error('there is no NotificationsProvider above this component');
  return store;
}
