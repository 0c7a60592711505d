/** Sets of conditions to begin with. */

import type { AdvancedSelector, Condition } from './advanced';
import { fieldRule, type Subject } from './fields';

export type Preset = 'all' | 'read' | 'write' | 'console';

const CONDITIONS: Record<Preset, readonly Condition[]> = {
  all: [],
  read: [{ field: 'readOnly', operator: 'Equals', value: 'true' }],
  write: [{ field: 'readOnly', operator: 'Equals', value: 'false' }],
  console: [{ field: 'sessionCredentialFromConsole', operator: 'Equals', value: 'true' }],
};

/** Those whose fields a selector may have. */
export function presetsFor(subject: Subject, { category }: AdvancedSelector): Preset[] {
  const presets = Object.keys(CONDITIONS) as Preset[];
  return presets.filter((preset) =>
    CONDITIONS[preset].every(({ field }) => fieldRule(subject, category, field) !== undefined),
  );
}

export function withPreset(selector: AdvancedSelector, preset: Preset): AdvancedSelector {
  return { ...selector, conditions: CONDITIONS[preset] };
}
