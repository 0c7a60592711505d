import type { Answer } from '../api/useAnswer';

/** A part of an answer, as an answer. */
export function part<T, P>(answer: Answer<T>, of: (value: T) => P): Answer<P> {
  const { value, ...rest } = answer;
  return value === undefined ? rest : { ...rest, value: of(value) };
}
