import { texts } from '../i18n/language';

export const TEXT = texts(
  {
    parameters: 'Changed parameters',
    added: 'added',
    removed: 'removed',
    unchanged: (count: number) => `${String(count)} unchanged`,
  },
  {
    parameters: '변경된 파라미터',
    added: '추가됨',
    removed: '제거됨',
    unchanged: (count: number) => `${String(count)}개 변경 없음`,
  },
);
