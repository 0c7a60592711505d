import { LanguageSupport } from '@codemirror/language';
import { SQLDialect } from '@codemirror/lang-sql';

import { FORM_FUNCTIONS, FUNCTIONS } from '../sql/functions';
import { KEYWORDS, TYPES } from '../sql/keywords';

/** Trino's words, for the colours; what can be completed is our own matter. */
const TRINO = SQLDialect.define({
  keywords: [...KEYWORDS].join(' '),
  types: TYPES.join(' '),
  builtin: [...FUNCTIONS, ...FORM_FUNCTIONS].map(({ name }) => name).join(' '),
  operatorChars: '*+-%<>!=&|~^/',
  identifierQuotes: '"',
});

export const trino = new LanguageSupport(TRINO.language);
