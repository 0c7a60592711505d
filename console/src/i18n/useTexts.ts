import { createContext, useContext } from 'react';

import type { Language, Localized } from './language';

export const LanguageContext = createContext<Language>('en');

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** The texts of a feature in the language that was chosen. */
export function useTexts<T>(texts: Localized<T>): T {
  return texts[useContext(LanguageContext)];
}
