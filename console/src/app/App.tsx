import { lazy, Suspense, useEffect, useMemo, useState } from 'react';

import { type Session, forgetSession, isSessionKept, keepSession, readSession } from '../api/credentials';
import { ApiContext, apiOf } from '../api/client';
import { LanguageProvider } from '../i18n/LanguageProvider';
import { type Preferences, applyPreferences, PreferencesContext, readPreferences, writePreferences } from './preferences';
import { SessionContext } from './session';
import { Shell } from './Shell';

const SignIn = lazy(() => import('../signin/SignIn'));

/** The console: who has not signed in sees the sign-in page, whatever the URL; it stays for afterwards. */
export function App() {
  const [preferences, setPreferences] = useState<Preferences>(readPreferences);
  const [session, setSession] = useState<Session | undefined>(readSession);

  useEffect(() => applyPreferences(preferences), [preferences]);

  const preferencesStore = useMemo(
    () => ({
      preferences,
      change: (some: Partial<Preferences>) => {
        const next = { ...preferences, ...some };
        writePreferences(next);
        setPreferences(next);
      },
    }),
    [preferences],
  );

  const sessionStore = useMemo(
    () => ({
      session,
      signIn: (next: Session, isKept: boolean) => {
        if (isKept) keepSession(next);
        setSession(next);
      },
      signOut: () => {
        forgetSession();
        setSession(undefined);
      },
      changeRegion: (region: string) => {
        if (!session) return;
        const next = { ...session, credentials: { ...session.credentials, region } };
        if (isSessionKept()) keepSession(next);
        setSession(next);
      },
    }),
    [session],
  );

  const api = useMemo(() => session && apiOf(session), [session]);

  return (
    <PreferencesContext value={preferencesStore}>
      <LanguageProvider language={preferences.language}>
        <SessionContext value={sessionStore}>
          <Suspense fallback={null}>
            {api ? (
              <ApiContext value={api}>
                <Shell />
              </ApiContext>
            ) : (
              <SignIn />
            )}
          </Suspense>
        </SessionContext>
      </LanguageProvider>
    </PreferencesContext>
  );
}
