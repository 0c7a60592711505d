import { useMemo, useState } from 'react';

import type { Attribute } from '../filter/attributes';
import { narrowed, type Token, without } from '../filter/query';
import { go, usePlace } from '../app/place';
import { type Asked, asked, isMisread, type Question, readQuestion, withValues, writeQuestion } from '../search/question';

/** What Event history shows, by its URL, and how to show something else. */
export interface HistoryState {
  question: Question;
  /** The question as of when it was asked; the same object until it is asked anew. */
  asked: Asked;
  isMisread: boolean;
  isFollowing: boolean;
  /** The event whose panel is open. */
  openId?: string;
  ask: (some: Partial<Question>) => void;
  /** Only events with this value, or only those without. */
  filterBy: (attribute: Attribute, operator: '=' | '!=', value: string) => void;
  toggle: (token: Token, isOn: boolean) => void;
  refresh: () => void;
  setFollowing: (isOn: boolean) => void;
  open: (id: string | undefined) => void;
}

export function useHistory(): HistoryState {
  const { path, query: url } = usePlace();
  const asking = [url.get('q'), url.get('category'), url.get('last'), url.get('from'), url.get('to')].join('\n');
  const [now, setNow] = useState(() => ({ asking, at: new Date() }));
  if (now.asking !== asking) setNow({ asking, at: new Date() });

  // eslint-disable-next-line react-hooks/exhaustive-deps -- `asking` is the part of the URL that the question is read from.
  const question = useMemo(() => readQuestion(url), [asking]);
  const request = useMemo(() => asked(question, now.at), [question, now]);

  const ask = (some: Partial<Question>) => {
    go(path, writeQuestion(url, { ...question, ...some }));
  };
  const toggle = (token: Token, isOn: boolean) => {

    ask({ query: isOn ? narrowed(question.query, token) : without(question.query, token) });
  };
  return {
    question,
    asked: request,
    isMisread: isMisread(url),
    isFollowing: url.has('follow'),
    openId: url.get('event') ?? undefined,
    ask,
    toggle,
    filterBy: (attribute, operator, value) => {
      ask({ query: narrowed(question.query, { attribute, operator, value }) });
    },
    refresh: () => {
      setNow({ asking, at: new Date() });
    },
    setFollowing: (isOn) => {
      go(path, withValues(url, { follow: isOn ? '1' : '' }), 'replace');
    },
    open: (id) => {
      go(path, withValues(url, { event: id ?? '' }), 'replace');
    },
  };
}
