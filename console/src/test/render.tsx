import { render } from '@testing-library/react';
import type { ReactNode } from 'react';

import { type Api, ApiContext } from '../api/client';
import { PreferencesContext } from '../app/preferences';
import type { Language } from '../i18n/language';
import { LanguageContext } from '../i18n/useTexts';

/** What a component may need of what is above it. */
export interface Surroundings {
  language?: Language;
  api?: Partial<Api>;
}

/** Shows a component as it would be in the console, without Cloudscape's own texts. */
export function show(component: ReactNode, { language = 'en', api = {} }: Surroundings = {}) {
  const preferences = { language, theme: 'light', density: 'comfortable' } as const;
  return render(
    <PreferencesContext value={{ preferences, change: () => undefined }}>
      <LanguageContext value={language}>
        <ApiContext value={api as Api}>{component}</ApiContext>
      </LanguageContext>
    </PreferencesContext>,
  );
}
