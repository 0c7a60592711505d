/** What calls are about, in Korean; longer ones first take what is in them. */
const NOUNS: readonly [string, string][] = [
  ['access keys', '액세스 키'], ['access key', '액세스 키'], ['account alias', '계정 별칭'], ['account', '계정'],
  ['alarms', '경보'], ['alarm', '경보'], ['alias', '별칭'], ['api', 'API'], ['attached', '연결된'], ['attribute', '속성'],
  ['availability zones', '가용 영역'], ['buckets', '버킷'], ['bucket', '버킷'], ['certificate', '인증서'], ['channel', '채널'],
  ['cluster', '클러스터'], ['command', '명령'], ['configuration', '구성'], ['credentials', '자격 증명'], ['dashboard', '대시보드'],
  ['data key', '데이터 키'], ['encryption', '암호화'], ['event data store', '이벤트 데이터 스토어'], ['events', '이벤트'], ['event', '이벤트'],
  ['function', '함수'], ['groups', '그룹'], ['group', '그룹'], ['image', '이미지'], ['instance profile', '인스턴스 프로파일'],
  ['instances', '인스턴스'], ['instance', '인스턴스'], ['internet gateway', '인터넷 게이트웨이'], ['key pair', '키 페어'], ['keys', '키'], ['key', '키'],
  ['load balancer', '로드 밸런서'], ['log group', '로그 그룹'], ['log stream', '로그 스트림'], ['login profile', '로그인 프로필'],
  ['network interface', '네트워크 인터페이스'], ['objects', '객체'], ['object', '객체'], ['parameters', '파라미터'], ['parameter', '파라미터'],
  ['password', '암호'], ['permission', '권한'], ['policies', '정책'], ['policy', '정책'], ['public access block', '퍼블릭 액세스 차단'],
  ['queue', '대기열'], ['regions', '리전'], ['repository', '리포지토리'], ['resources', '리소스'], ['roles', '역할'], ['role', '역할'],
  ['route tables', '라우팅 테이블'], ['route table', '라우팅 테이블'], ['route', '라우팅'], ['rules', '규칙'], ['rule', '규칙'],
  ['secret value', '보안 암호 값'], ['secrets', '보안 암호'], ['secret', '보안 암호'], ['security groups', '보안 그룹'], ['security group', '보안 그룹'],
  ['snapshots', '스냅샷'], ['snapshot', '스냅샷'], ['stack', '스택'], ['status', '상태'], ['stream', '스트림'], ['subnets', '서브넷'], ['subnet', '서브넷'],
  ['table', '테이블'], ['tags', '태그'], ['topic', '주제'], ['trails', '추적'], ['trail', '추적'], ['users', '사용자'], ['user', '사용자'],
  ['versions', '버전'], ['version', '버전'], ['volumes', '볼륨'], ['volume', '볼륨'], ['vpcs', 'VPC'], ['vpc', 'VPC'],
];

const LONGEST_FIRST = NOUNS.toSorted(([one], [other]) => other.length - one.length);
const PATTERN = new RegExp(`\\b(?:${LONGEST_FIRST.map(([noun]) => noun).join('|')})\\b`, 'g');
const KOREAN = new Map(NOUNS);

/** The words of a noun in Korean, as far as they are known. */
export function koreanNoun(noun: string): string {
  return noun.replace(PATTERN, (known) => KOREAN.get(known) ?? known);
}
