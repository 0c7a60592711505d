/** What can stand at a place of a statement: columns and their members, functions, keywords, stores. */

import { CATEGORIES, type Category } from '../selectors/fields';
import { type Column, columnsOf } from './columns';
import { FORM_FUNCTIONS, FUNCTIONS } from './functions';
import { KEYWORDS } from './keywords';

/** A store that statements can name. */
export interface StoreName {
  readonly id: string;
  readonly name: string;
  readonly category: Category;
}

export interface Suggestion {
  readonly kind: 'column' | 'function' | 'keyword' | 'store';
  readonly label: string;
  readonly detail: string;
  /** What is put into the statement; `${}` is where the cursor goes. The label when absent. */
  readonly insert?: string;
}

export interface Completion {
  /** Where the word begins that suggestions replace. */
  readonly from: number;
  readonly suggestions: readonly Suggestion[];
}

const WORD_BEFORE = /[\p{L}\p{N}_$.-]*$/u;
const AFTER_FROM = /\b(?:from|join)\s+[\w-]*$/i;
const NO_CODE = /(?:--[^\n]*|'(?:[^']|'')*)$/;

/** Suggestions for the end of `before`, the statement up to the cursor; `statement` is all of it. */
export function complete(before: string, statement: string, stores: readonly StoreName[]): Completion | undefined {
  if (NO_CODE.test(withoutTexts(before))) return undefined;
  const word = WORD_BEFORE.exec(before)?.[0] ?? '';
  const from = before.length - word.length;
  if (AFTER_FROM.test(before)) return { from, suggestions: stores.map(storeSuggestion) };
  const columns = columnsOf(categoryOf(statement, stores));
  const dot = word.lastIndexOf('.');
  if (dot < 0) return { from, suggestions: [...columns.flatMap(columnSuggestions), ...GLOBAL] };
  const members = membersOf(columns, word.slice(0, dot).split('.'));
  return { from: from + dot + 1, suggestions: members.flatMap(columnSuggestions) };
}

/** Texts that have ended can't hide the beginning of one that hasn't. */
function withoutTexts(before: string): string {
  return before.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*\n|\/\*[\s\S]*?\*\//g, ' ');
}

/** What the stores hold that the statement names; CloudTrail's own events unless it names others. */
function categoryOf(statement: string, stores: readonly StoreName[]): Category {
  return stores.find((store) => statement.includes(store.id))?.category ?? CATEGORIES[0];
}

/** The members at the end of a path; the first part may be the alias of a store. */
function membersOf(columns: readonly Column[], path: readonly string[]): readonly Column[] {
  const reached = path.reduce<readonly Column[] | undefined>((level, part) => {
    return level?.find((column) => column.name.toLowerCase() === part.toLowerCase())?.members;
  }, columns);
  if (reached !== undefined) return reached;
  const isAlias = !columns.some((column) => column.name.toLowerCase() === path[0]?.toLowerCase());
  return isAlias ? membersOfAlias(columns, path.slice(1)) : [];
}

function membersOfAlias(columns: readonly Column[], path: readonly string[]): readonly Column[] {
  return path.length === 0 ? columns : membersOf(columns, path);
}

function columnSuggestions({ name, type }: Column): Suggestion[] {
  const column: Suggestion = { kind: 'column', label: name, detail: type };
  if (!type.startsWith('map')) return [column];
  return [
    column,
    { kind: 'function', label: `element_at(${name}, …)`, detail: 'varchar', insert: `element_at(${name}, '\${}')` },
  ];
}

function storeSuggestion({ id, name }: StoreName): Suggestion {
  return { kind: 'store', label: name, detail: id, insert: id };
}

const GLOBAL: readonly Suggestion[] = [
  ...[...FUNCTIONS, ...FORM_FUNCTIONS].map(
    ({ name, takes }): Suggestion => ({
      kind: 'function',
      label: name,
      detail: takes,
      insert: takes === '()' ? `${name}()` : `${name}(\${})`,
    }),
  ),
  ...[...KEYWORDS].map((word): Suggestion => ({ kind: 'keyword', label: word.toUpperCase(), detail: '' })),
  { kind: 'keyword', label: 'current_timestamp', detail: 'timestamp(3) with time zone' },
];
