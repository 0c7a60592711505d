import { texts } from '../i18n/language';

export const TEXT = texts(
  {
    kinds: { user: 'User', session: 'Session of a role', key: 'Access key' },
    behind: 'Who stands behind it',
    behindHint: 'From call to call, back to whoever had a key of their own',
    noBehind: 'No record tells who gave these credentials.',
    own: 'A user acts in their own name.',
    here: 'This principal',
    human: 'Where it began',
    service: 'A service of AWS',
    chainFailed: 'The chain could not be followed',
    assumed: 'Roles it assumed',
    noAssumed: 'None',
    timeline: 'Timeline',
    toHistory: 'Show in Event history',
  },
  {
    kinds: { user: '사용자', session: '역할의 세션', key: '액세스 키' },
    behind: '배후에 있는 주체',
    behindHint: '호출을 거슬러 자신의 키를 가진 주체까지 따라갑니다',
    noBehind: '누가 이 자격 증명을 주었는지 알려 주는 레코드가 없습니다.',
    own: '사용자는 자신의 이름으로 행동합니다.',
    here: '이 주체',
    human: '시작한 주체',
    service: 'AWS 서비스',
    chainFailed: '거슬러 따라가지 못했습니다',
    assumed: '수임한 역할',
    noAssumed: '없음',
    timeline: '타임라인',
    toHistory: '이벤트 기록에서 보기',
  },
);
