import type { Json } from '../records/record';

/** A text cut where a word is in it; capital or small letters are the same. */
export function pieces(text: string, word: string): { text: string; isMatch: boolean }[] {
  const [where, what] = [text.toLowerCase(), word.toLowerCase()];
  const found: { text: string; isMatch: boolean }[] = [];
  let at = 0;
  for (let next = where.indexOf(what); what !== '' && next >= 0; next = where.indexOf(what, at)) {
    if (next > at) found.push({ text: text.slice(at, next), isMatch: false });
    found.push({ text: text.slice(next, next + what.length), isMatch: true });
    at = next + what.length;
  }
  if (at < text.length) found.push({ text: text.slice(at), isMatch: false });
  return found;
}

/** How often a word is in the names and values of JSON. */
export function countMatches(value: Json, word: string): number {
  const inText = (text: string) => pieces(text, word).filter(({ isMatch }) => isMatch).length;
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + countMatches(item, word), 0);
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).reduce((sum, [name, member]) => sum + inText(name) + countMatches(member, word), 0);
  }
  return inText(typeof value === 'string' ? value : JSON.stringify(value));
}
