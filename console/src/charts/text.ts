import { texts } from '../i18n/language';

export const TEXT = texts(
  {
    kinds: { line: 'Lines', bar: 'Bars', pie: 'Pie' },
    kind: 'Chart',
    label: 'Labels',
    value: 'Values',
    time: 'Time',
    others: 'Others',
    none: 'These rows make no chart: it takes a column of numbers, and another one.',
    empty: 'No data',
  },
  {
    kinds: { line: '선', bar: '막대', pie: '원' },
    kind: '차트',
    label: '레이블',
    value: '값',
    time: '시간',
    others: '기타',
    none: '이 행으로는 차트를 만들 수 없습니다. 숫자 열과 다른 열이 하나씩 필요합니다.',
    empty: '데이터 없음',
  },
);
