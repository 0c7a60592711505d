/** A piece of a sentence, and what it leads to. */
export interface Part {
  text: string;
  /** Where more can be learned about it. */
  to?: Link;
}

export type Link =
  | { kind: 'user' | 'session' | 'key'; id: string }
  | { kind: 'resource'; name: string }
  | { kind: 'address'; address: string };

export function plain(text: string): Part {
  return { text };
}

/** The sentence as text alone. */
export function textOf(parts: readonly Part[]): string {
  return parts.map((part) => part.text).join('');
}

/** Neighbouring plain pieces made one, empty ones left out, blanks never doubled. */
export function joined(parts: readonly Part[]): Part[] {
  const all: Part[] = [];
  for (const part of parts) {
    const last = all.at(-1);
    if (last && !last.to && !part.to) last.text += part.text;
    else if (part.text !== '') all.push({ ...part });
  }
  for (const part of all) part.text = part.text.replace(/ {2,}/g, ' ');
  return all;
}
