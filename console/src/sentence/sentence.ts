import type { Language } from '../i18n/language';
import { errorOf, isWithMfa, serviceOf, sessionOf } from '../records/identity';
import { isObject, type Json, type TrailRecord } from '../records/record';
import { mainResource } from '../records/resources';
import { koreanNoun } from './nouns';
import { joined, type Part, plain, textOf } from './part';
import { isParticle, particle } from './particles';
import { TEMPLATES } from './templates';
import { didOf, wordsOf } from './verbs';

/** Who did what, from where and how it went: one sentence, with links. */
export function sentenceOf(record: TrailRecord, language: Language): Part[] {
  return language === 'ko' ? korean(record) : english(record);
}

const NAMES_MAX = 3;
const DENIED = /denied|unauthori[sz]ed|notauthori[sz]ed|forbidden/i;

function english(record: TrailRecord): Part[] {
  const error = errorOf(record);
  const template = TEMPLATES[record.eventName ?? '']?.en ?? generalEnglish(record);
  const verb = (toDo: string) => (error === undefined ? didOfPhrase(toDo) : `tried to ${toDo}`);
  const ending = error === undefined ? '.' : DENIED.test(error) ? `, but was not allowed to (${error}).` : `, but it failed (${error}).`;
  return joined([
    ...who(record, 'en'),
    plain(' '),
    ...fill(template, record, verb),
    ...fromEnglish(record),
    plain(isWithMfa(record) ? ' with MFA' : ''),
    plain(ending),
  ]);
}

function korean(record: TrailRecord): Part[] {
  const error = errorOf(record);
  const template = TEMPLATES[record.eventName ?? '']?.ko ?? generalKorean(record);
  const ending = error === undefined ? '했습니다.' : `하려고 했지만 ${DENIED.test(error) ? '거부되었습니다' : '실패했습니다'}(${error}).`;
  const doer = who(record, 'ko');
  return joined([
    ...doer,
    plain(`${particle(textOf(doer), '이/가')} `),
    ...fromKorean(record),
    plain(isWithMfa(record) ? 'MFA를 사용해 ' : ''),
    ...fill(template, record, () => ''),
    plain(ending),
  ]);
}

/** `switch off` → `switched off` */
function didOfPhrase(toDo: string): string {
  const [verb = '', ...rest] = toDo.split(' ');
  return [didOf(verb), ...rest].join(' ');
}

function generalEnglish(record: TrailRecord): string {
  const { verb, noun } = wordsOf(record.eventName ?? '');
  const service = serviceOf(record);
  const about = mainResource(record) === undefined ? '' : verb?.isRead ? ' of {main}' : ' {main}';
  const place = service === '' ? '' : ` in ${service}`;
  return verb ? `[${verb.toDo}] ${noun}${about}${place}` : `[call] ${record.eventName ?? '?'}${about && ' on {main}'}${place}`;
}

function generalKorean(record: TrailRecord): string {
  const { verb, noun } = wordsOf(record.eventName ?? '');
  const service = serviceOf(record);
  const place = service === '' ? '' : `${service}에서 `;
  const main = mainResource(record) === undefined ? '' : '{main}';
  if (!verb) return `${place}${main && `${main}에 대해 `}${record.eventName ?? '?'}[을/를] 호출`;
  const about = verb.isRead ? `${main && `${main}의 `}${koreanNoun(noun)}` : `${koreanNoun(noun)}${main && ` ${main}`}`;
  return `${place}${about}[을/를] ${verb.ko}`;
}

/** The template with the record's values in it. */
function fill(template: string, record: TrailRecord, verb: (toDo: string) => string): Part[] {
  const parts: Part[] = [];
  for (const [, optional, value, mark, text] of template.matchAll(/<([^>]*)>|\{([\w.]+)\}|\[([^\]]+)\]|([^<{[]+)/g)) {
    if (optional !== undefined) {
      const isKnown = [...optional.matchAll(/\{([\w.]+)\}/g)].every(([, path = '']) => values(record, path).length > 0);
      if (isKnown) parts.push(...fill(optional, record, verb));
    } else if (value !== undefined) parts.push(...named(record, value));
    else if (mark !== undefined) parts.push(plain(isParticle(mark) ? particle(textOf(parts), mark) : verb(mark)));
    else parts.push(plain(text ?? ''));
  }
  return parts;
}

/** The values at a path, the first few of them as links. */
function named(record: TrailRecord, path: string): Part[] {
  const all = values(record, path);
  const shown = all.slice(0, NAMES_MAX).flatMap((name, index) => [plain(index === 0 ? '' : ', '), link(name, path)]);
  if (all.length === 0) return [plain('?')];
  return all.length > NAMES_MAX ? [...shown, plain(` +${String(all.length - NAMES_MAX)}`)] : shown;
}

function link(name: string, path: string): Part {
  if (/accessKeyId$/.test(path)) return { text: name, to: { kind: 'key', id: name } };
  if (/(?:status|cidrIp|toPort|instanceType|userId)$/.test(path)) return plain(name);
  return { text: name, to: { kind: 'resource', name } };
}

function values(record: TrailRecord, path: string): string[] {
  if (path === 'main') return [mainResource(record)].filter((name) => name !== undefined);
  const [root, ...members] = path.split('.');
  const roots: Partial<Record<string, Json>> = {
    request: record.requestParameters ?? null,
    response: record.responseElements ?? null,
    more: record.additionalEventData ?? null,
  };
  let found: Json[] = [roots[root ?? ''] ?? null];
  for (const member of members) {
    found = found.flat().flatMap((json) => (isObject(json) && json[member] !== undefined ? [json[member]] : []));
  }
  return found.flat().flatMap((json) => (typeof json === 'string' || typeof json === 'number' ? [String(json)] : []));
}

const WHO = {
  en: { session: [' as ', ''], role: 'role ', root: 'the root user', service: '', account: 'account ', somebody: 'somebody' },
  ko: { session: [' 역할의 ', ' 세션'], role: '', root: '루트 사용자', service: '서비스 ', account: '계정 ', somebody: '누군가' },
} as const;

/** Who did it, as somebody would say it. */
function who(record: TrailRecord, language: Language): Part[] {
  const identity = record.userIdentity ?? {};
  const words = WHO[language];
  const session = sessionOf(identity);
  if (session) {
    const name: Part = { text: session.session, to: { kind: 'session', id: identity.arn ?? session.session } };
    if (language === 'ko') return [plain(session.role), plain(words.session[0]), name, plain(words.session[1])];
    return [name, plain(` (role ${session.role})`)];
  }
  if (identity.type === 'Root') return [{ text: words.root, to: { kind: 'user', id: identity.userName ?? 'root' } }];
  if (identity.userName) return [{ text: identity.userName, to: { kind: 'user', id: identity.userName } }];
  if (identity.invokedBy) return [plain(words.service + identity.invokedBy)];
  if (identity.accountId) return [plain(words.account + identity.accountId)];
  return [plain(identity.principalId ?? words.somebody)];
}

function fromEnglish(record: TrailRecord): Part[] {
  const from = place(record);
  if (!from) return [];
  return from.kind === 'service' ? [plain(` through ${from.name}`)] : [plain(' from '), address(from.name)];
}

function fromKorean(record: TrailRecord): Part[] {
  const from = place(record);
  if (!from) return [];
  return from.kind === 'service' ? [plain(`${from.name}[을/를] 통해 `.replace('[을/를]', particle(from.name, '을/를')))] : [address(from.name), plain('에서 ')];
}

function address(name: string): Part {
  return { text: name, to: { kind: 'address', address: name } };
}

/** An address, or a service that called for somebody; a service that calls for itself has said so already. */
function place(record: TrailRecord): { kind: 'address' | 'service'; name: string } | undefined {
  const from = record.sourceIPAddress ?? '';
  if (from === '' || from === record.userIdentity?.invokedBy && !record.userIdentity.userName && !record.userIdentity.arn) return undefined;
  return /\.amazonaws\.com$|^AWS Internal$/.test(from) ? { kind: 'service', name: from } : { kind: 'address', name: from };
}
