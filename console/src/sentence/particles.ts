/** Korean particles differ by whether what is before them ends in a consonant. */
const FORMS = { '을/를': ['을', '를'], '이/가': ['이', '가'], '은/는': ['은', '는'], '과/와': ['과', '와'] } as const;

export type Particle = keyof typeof FORMS;

/** Digits are read aloud: 영, 일, 이, 삼, … */
const DIGITS_WITH_CONSONANT = '013678';

/** The particle after a text; both forms, as is usual, where a foreign word's sound isn't known. */
export function particle(before: string, kind: Particle): string {
  const [afterConsonant, afterVowel] = FORMS[kind];
  const last = before.replace(/[\s)\]"'”’]+$/, '').at(-1) ?? '';
  const code = last.charCodeAt(0) - 0xac00;
  if (code >= 0 && code < 11_172) return code % 28 === 0 ? afterVowel : afterConsonant;
  if (/\d/.test(last)) return DIGITS_WITH_CONSONANT.includes(last) ? afterConsonant : afterVowel;
  return `${afterConsonant}(${afterVowel})`;
}

export function isParticle(text: string): text is Particle {
  return Object.hasOwn(FORMS, text);
}
