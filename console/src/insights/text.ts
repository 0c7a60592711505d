import { texts } from '../i18n/language';

export const TEXT = texts(
  {
    title: 'Insights',
    about: 'Unusual rates of calls and errors are recorded as events of their own.',
    notDetected: 'OpenTrail keeps and shows this setting, but detects no Insights yet.',
    types: { ApiCallRateInsight: 'Rate of calls', ApiErrorRateInsight: 'Rate of errors' },
    categories: { Management: 'management events', Data: 'data events' },
    destination: 'Recorded in',
    destinationHint: 'An event data store that holds Insights events.',
    noDestination: 'No event data store holds Insights events yet.',
    saved: 'The Insights were changed.',
    notSaved: 'The Insights could not be changed',
  },
  {
    title: 'Insights',
    about: '비정상적인 호출 및 오류 비율을 별도의 이벤트로 기록합니다.',
    notDetected: 'OpenTrail은 이 설정을 저장하고 보여 주지만 아직 Insights를 감지하지 않습니다.',
    types: { ApiCallRateInsight: '호출 비율', ApiErrorRateInsight: '오류 비율' },
    categories: { Management: '관리 이벤트', Data: '데이터 이벤트' },
    destination: '기록할 곳',
    destinationHint: 'Insights 이벤트를 보관하는 이벤트 데이터 스토어입니다.',
    noDestination: '아직 Insights 이벤트를 보관하는 이벤트 데이터 스토어가 없습니다.',
    saved: 'Insights를 변경했습니다.',
    notSaved: 'Insights를 변경하지 못했습니다',
  },
);
