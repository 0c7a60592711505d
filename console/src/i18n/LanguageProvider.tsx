import { I18nProvider, type I18nProviderProps } from '@cloudscape-design/components/i18n';
import { type ReactNode, useEffect, useState } from 'react';

import type { Language } from './language';
import { LanguageContext } from './useTexts';

/** Cloudscape's own words, loaded for the one language that is shown. */
const COMPONENT_MESSAGES: Record<Language, () => Promise<{ default: I18nProviderProps.Messages }>> = {
  en: () => import('@cloudscape-design/components/i18n/messages/all.en'),
  ko: () => import('@cloudscape-design/components/i18n/messages/all.ko'),
};

/** Gives our texts and Cloudscape's in one language; shows nothing until both are there. */
export function LanguageProvider({ language, children }: { language: Language; children: ReactNode }) {
  const [loaded, setLoaded] = useState<{ language: Language; messages: I18nProviderProps.Messages }>();

  useEffect(() => {
    let isCurrent = true;
    void COMPONENT_MESSAGES[language]().then(({ default: messages }) => {
      if (isCurrent) setLoaded({ language, messages });
    });
    document.documentElement.lang = language;
    return () => {
      isCurrent = false;
    };
  }, [language]);

  if (!loaded) return null;
  return (
    <I18nProvider locale={loaded.language} messages={[loaded.messages]}>
      <LanguageContext value={loaded.language}>{children}</LanguageContext>
    </I18nProvider>
  );
}
