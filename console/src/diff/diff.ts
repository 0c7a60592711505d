import { isObject, type Json } from '../records/record';

/** A line of a difference: one value at one path. */
export interface DiffLine {
  kind: 'same' | 'removed' | 'added';
  path: string;
  value: string;
}

/** Members that differ with every call and say nothing. */
const NOISE = /(?:^|\.)(?:clientRequestToken|clientToken|requestId|x-amz-[\w-]+)$/i;
const DEPTH_MAX = 24;

/**
 * What changed between the parameters of two calls, in the order of their paths. Documents that are texts of JSON
 * (policies) are looked into.
 */
export function diffOf(before: Json | undefined, after: Json | undefined): DiffLine[] {
  const [old, next] = [leaves(before), leaves(after)];
  const paths = [...new Set([...old.keys(), ...next.keys()])].sort(byPath);
  return paths.flatMap((path): DiffLine[] => {
    const [was, is] = [old.get(path), next.get(path)];
    if (was !== undefined && was === is) return [{ kind: 'same', path, value: was }];
    return [
      ...(was === undefined ? [] : [{ kind: 'removed', path, value: was } as const]),
      ...(is === undefined ? [] : [{ kind: 'added', path, value: is } as const]),
    ];
  });
}

/** Every value by its path. */
function leaves(json: Json | undefined): Map<string, string> {
  const found = new Map<string, string>();
  const walk = (value: Json, path: string, depth: number): void => {
    if (NOISE.test(path)) return;
    const inner = depth < DEPTH_MAX ? inside(value) : undefined;
    if (!inner) found.set(path, typeof value === 'string' ? value : JSON.stringify(value));
    else for (const [name, member] of inner) walk(member, path + name, depth + 1);
  };
  if (json !== undefined && json !== null) walk(json, '', 0);
  return found;
}

/** The members of an object or list, with how they are added to a path. */
function inside(value: Json): [string, Json][] | undefined {
  const json = typeof value === 'string' ? document(value) : value;
  if (Array.isArray(json) && json.length > 0) return json.map((item, index) => [`[${String(index)}]`, item]);
  if (!isObject(json) || Object.keys(json).length === 0) return undefined;
  return Object.entries(json).map(([name, member]) => [`.${name}`, member]);
}

/** The document that a text holds, as policies are given. */
function document(text: string): Json | undefined {
  if (!/^\s*[{[]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** List items by number, the rest by letters. */
function byPath(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true });
}
