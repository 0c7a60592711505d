import { texts } from '../i18n/language';

export const TEXT = texts(
  {
    events: 'Events',
    failed: 'Failed',
    firstSeen: 'First seen',
    lastSeen: 'Last seen',
    never: 'Never, as far as Event history goes back',
    inHistory: 'Show in Event history',
    summaryFailed: 'The summary could not be made',
    activity: 'Activity',
    what: 'What, where from, how it went',
  },
  {
    events: '이벤트',
    failed: '실패',
    firstSeen: '처음 본 때',
    lastSeen: '마지막으로 본 때',
    never: '이벤트 기록에는 없습니다',
    inHistory: '이벤트 기록에서 보기',
    summaryFailed: '요약을 만들지 못했습니다',
    activity: '활동',
    what: '무엇을, 어디서, 어떻게',
  },
);
