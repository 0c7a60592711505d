import { createContext, useContext } from 'react';

import type { Session } from '../api/credentials';

export interface SessionStore {
  session: Session | undefined;
  /** `isKept`: until this tab is closed; else until it is loaded anew. */
  signIn: (session: Session, isKept: boolean) => void;
  signOut: () => void;
  changeRegion: (region: string) => void;
}

export const SessionContext = createContext<SessionStore | undefined>(undefined);

export function useSession(): SessionStore {
  const store = useContext(SessionContext);
  if (!store) throw new Error('there is no SessionContext above this component');
  return store;
}
