/** The languages that every text of the console is written in. */
export type Language = 'en' | 'ko';

export const LANGUAGES: readonly { id: Language; name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'ko', name: '한국어' },
];

/** One thing in every language. */
export type Localized<T> = Readonly<Record<Language, T>>;

/**
 * The texts of one feature: the English ones give the shape, which the Korean ones must have, too.
 * Texts with gaps are functions: `events: (count: number) => …`.
 */
export function texts<T extends object>(en: T, ko: NoInfer<T>): Localized<T> {
  return { en, ko };
}

/** The language that the browser asks for, as far as we speak it. */
export function preferredLanguage(wanted: readonly string[]): Language {
  const known = wanted.map((tag) => tag.slice(0, 2).toLowerCase());
  return known.find((tag): tag is Language => tag === 'en' || tag === 'ko') ?? 'en';
}
