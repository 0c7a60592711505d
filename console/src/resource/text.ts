import { texts } from '../i18n/language';

export const TEXT = texts(
  {
    resource: 'Resource',
    life: 'Its life',
    lifeHint: 'What was done to it; each call beside the one before it that was about the same',
    reads: { without: 'Changes only', with: 'With reads' },
    shown: 'Calls that are shown',
    toHistory: 'Show in Event history',
  },
  {
    resource: '리소스',
    life: '변천',
    lifeHint: '이 리소스에 한 일입니다. 같은 대상에 대한 바로 앞 호출과 비교합니다',
    reads: { without: '변경만', with: '읽기 포함' },
    shown: '표시할 호출',
    toHistory: '이벤트 기록에서 보기',
  },
);
