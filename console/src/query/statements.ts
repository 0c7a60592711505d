/** Statements that this browser keeps: those that were saved under a name, and those that were run lately. */

import { readStored, writeStored } from '../app/preferences';

export interface SavedStatement {
  readonly name: string;
  readonly statement: string;
}

export interface RunStatement {
  readonly queryId: string;
  readonly statement: string;
  /** ISO 8601 */
  readonly at: string;
}

const SAVED = 'opentrail.statements.saved';
const RUN = 'opentrail.statements.run';
const RUN_MAX = 50;

export function savedStatements(): readonly SavedStatement[] {
  return readStored<SavedStatement[]>(SAVED) ?? [];
}

/** Saves under a name, in place of what had it. */
export function saveStatement(saved: SavedStatement): readonly SavedStatement[] {
  const others = savedStatements().filter((other) => other.name !== saved.name);
  const all = [...others, saved].sort((a, b) => a.name.localeCompare(b.name));
  writeStored(SAVED, all);
  return all;
}

export function forgetStatement(name: string): readonly SavedStatement[] {
  const all = savedStatements().filter((other) => other.name !== name);
  writeStored(SAVED, all);
  return all;
}

/** The newest first. */
export function runStatements(): readonly RunStatement[] {
  return readStored<RunStatement[]>(RUN) ?? [];
}

export function noteRun(run: RunStatement): void {
  writeStored(RUN, [run, ...runStatements().filter((other) => other.queryId !== run.queryId)].slice(0, RUN_MAX));
}
