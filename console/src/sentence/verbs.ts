/** A verb that names of calls begin with: to do it, did it; in Korean a noun that 하다 makes a verb of. */
export interface Verb {
  toDo: string;
  did: string;
  ko: string;
  /** Whether a call only looks. */
  isRead?: boolean;
}

const VERBS: Readonly<Record<string, Verb>> = {
  Accept: regular('accept', '수락'),
  Add: regular('add', '추가'),
  Allocate: regular('allocate', '할당'),
  Assign: regular('assign', '할당'),
  Associate: regular('associate', '연결'),
  Attach: regular('attach', '연결'),
  Authorize: regular('authorize', '허용'),
  Cancel: { toDo: 'cancel', did: 'cancelled', ko: '취소' },
  Change: regular('change', '변경'),
  Check: { ...regular('check', '확인'), isRead: true },
  Complete: regular('complete', '완료'),
  Copy: regular('copy', '복사'),
  Create: regular('create', '생성'),
  Decrypt: regular('decrypt', '복호화'),
  Delete: regular('delete', '삭제'),
  Deploy: regular('deploy', '배포'),
  Deregister: regular('deregister', '등록 해제'),
  Describe: { toDo: 'look at', did: 'looked at', ko: '조회', isRead: true },
  Detach: regular('detach', '분리'),
  Disable: regular('disable', '비활성화'),
  Disassociate: regular('disassociate', '연결 해제'),
  Enable: regular('enable', '활성화'),
  Encrypt: regular('encrypt', '암호화'),
  Execute: regular('execute', '실행'),
  Generate: regular('generate', '생성'),
  Get: { toDo: 'read', did: 'read', ko: '조회', isRead: true },
  Head: { toDo: 'check', did: 'checked', ko: '확인', isRead: true },
  Import: regular('import', '가져오기 실행'),
  Initiate: regular('initiate', '시작'),
  Invoke: regular('invoke', '호출'),
  Leave: { toDo: 'leave', did: 'left', ko: '탈퇴' },
  List: { ...regular('list', '조회'), isRead: true },
  Lookup: { toDo: 'look up', did: 'looked up', ko: '조회', isRead: true },
  Modify: { toDo: 'modify', did: 'modified', ko: '수정' },
  Publish: regular('publish', '게시'),
  Put: { toDo: 'set', did: 'set', ko: '설정' },
  Query: { toDo: 'query', did: 'queried', ko: '쿼리', isRead: true },
  Reboot: regular('reboot', '재부팅'),
  Register: regular('register', '등록'),
  Reject: regular('reject', '거부'),
  Release: regular('release', '해제'),
  Remove: regular('remove', '제거'),
  Replace: regular('replace', '교체'),
  Reset: { toDo: 'reset', did: 'reset', ko: '재설정' },
  Restore: regular('restore', '복원'),
  Resume: regular('resume', '재개'),
  Revoke: regular('revoke', '취소'),
  Rotate: regular('rotate', '교체'),
  Run: { toDo: 'run', did: 'ran', ko: '실행' },
  Scan: { toDo: 'scan', did: 'scanned', ko: '스캔', isRead: true },
  Schedule: regular('schedule', '예약'),
  Search: { ...regular('search', '검색'), isRead: true },
  Send: { toDo: 'send', did: 'sent', ko: '전송' },
  Set: { toDo: 'set', did: 'set', ko: '설정' },
  Simulate: { ...regular('simulate', '시뮬레이션'), isRead: true },
  Start: regular('start', '시작'),
  Stop: { toDo: 'stop', did: 'stopped', ko: '중지' },
  Subscribe: regular('subscribe', '구독'),
  Suspend: regular('suspend', '일시 중지'),
  Tag: { toDo: 'tag', did: 'tagged', ko: '태그 지정' },
  Terminate: regular('terminate', '종료'),
  Test: { ...regular('test', '시험'), isRead: true },
  Unassign: regular('unassign', '할당 해제'),
  Unsubscribe: regular('unsubscribe', '구독 취소'),
  Untag: { toDo: 'untag', did: 'untagged', ko: '태그 제거' },
  Update: regular('update', '변경'),
  Upload: regular('upload', '업로드'),
  Validate: { ...regular('validate', '검증'), isRead: true },
};

function regular(toDo: string, ko: string): Verb {
  return { toDo, did: toDo.endsWith('e') ? `${toDo}d` : `${toDo}ed`, ko };
}

/** `created` for `create`. */
export function didOf(toDo: string): string {
  return Object.values(VERBS).find((verb) => verb.toDo === toDo)?.did ?? IRREGULAR[toDo] ?? regular(toDo, '').did;
}

const IRREGULAR: Readonly<Record<string, string>> = {
  give: 'gave',
  make: 'made',
  take: 'took',
  write: 'wrote',
};

/** What a call's name says: a verb, and the words of what it is done to. */
export function wordsOf(eventName: string): { verb: Verb | undefined; noun: string } {
  const words = eventName.match(/[A-Z]+(?=[A-Z][a-z]|\d|$)|[A-Z]?[a-z]+|[A-Z]+|\d+/g) ?? [];
  const [first = '', ...rest] = words;
  const verb = Object.hasOwn(VERBS, first) ? VERBS[first] : undefined;
  const noun = (verb ? rest : words).filter((word) => !/^\d{4,}$/.test(word));
  return { verb, noun: noun.map((word) => (/^[A-Z0-9]{2,}$/.test(word) ? word : word.toLowerCase())).join(' ') };
}
