import { applyDensity, applyMode, Density, Mode } from '@cloudscape-design/global-styles';
import { createContext, useContext } from 'react';

import { type Language, preferredLanguage } from '../i18n/language';

/** What somebody likes; kept in this browser. Nothing secret belongs here. */
export interface Preferences {
  language: Language;
  theme: 'system' | 'light' | 'dark';
  density: 'comfortable' | 'compact';
}

const KEY = 'opentrail.preferences';

export function readPreferences(): Preferences {
  const standard: Preferences = {
    language: preferredLanguage(navigator.languages),
    theme: 'system',
    density: 'comfortable',
  };
  return { ...standard, ...readStored<Partial<Preferences>>(KEY) };
}

export function writePreferences(preferences: Preferences): void {
  writeStored(KEY, preferences);
}

/** A value of this browser's local storage; undefined if there is none, or none that can be read. */
export function readStored<T>(key: string): T | undefined {
  try {
    const text = localStorage.getItem(key);
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** Keeps a value in this browser. A browser that keeps nothing still works, it only forgets. */
export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Storage may be full or forbidden.
  }
}

const darkSystem = () => window.matchMedia('(prefers-color-scheme: dark)');

export function isDark(preferences: Preferences): boolean {
  return preferences.theme === 'dark' || (preferences.theme === 'system' && darkSystem().matches);
}

/** Makes the document look as wished; answers how to stop following the system's theme. */
export function applyPreferences(preferences: Preferences): () => void {
  const apply = () => {
    applyMode(isDark(preferences) ? Mode.Dark : Mode.Light);
  };
  apply();
  applyDensity(preferences.density === 'compact' ? Density.Compact : Density.Comfortable);
  const system = darkSystem();
  system.addEventListener('change', apply);
  return () => {
    system.removeEventListener('change', apply);
  };
}

export interface PreferencesStore {
  preferences: Preferences;
  change: (some: Partial<Preferences>) => void;
}

export const PreferencesContext = createContext<PreferencesStore | undefined>(undefined);

export function usePreferences(): PreferencesStore {
  const store = useContext(PreferencesContext);
  if (!store) throw new Error('there is no PreferencesContext above this component');
  return store;
}
