/** Words of the grammar. Those that name functions (`if`, `date`, `replace`, `filter`, …) or may well name columns (`first`, `range`, …) are left out. */
const WORDS =
  'all and as asc between by case cross desc distinct else end escape except exists false fetch from full group having ' +
  'in inner intersect interval is join lateral left like limit natural not null nulls offset on or order ordinality ' +
  'outer over partition recursive right select table tablesample then true union using values when where window with';

export const KEYWORDS: ReadonlySet<string> = new Set(WORDS.split(' '));

export const TYPES: readonly string[] =
  'array bigint boolean date decimal double integer ipaddress json map real row smallint time timestamp tinyint varbinary varchar'.split(
    ' ',
  );

export function isKeyword(word: string): boolean {
  return KEYWORDS.has(word.toLowerCase());
}
