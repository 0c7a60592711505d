/**
 * Sentences for calls that matter in an incident.
 *
 * `[create]` is the verb: past when the call succeeded, else after "tried to". `{request.userName}` is a value of the
 * record (`request`: its parameters, `response`: its answer, `more`: additional data); `<…>` is left out when a value in it
 * is missing. Korean ends in a noun that 하다 makes a verb of, and `[을/를]` is the particle that fits.
 */
export interface Template {
  en: string;
  ko: string;
}

export const TEMPLATES: Readonly<Record<string, Template>> = {
  // Who comes in
  ConsoleLogin: { en: '[sign in] to the console', ko: '콘솔에 로그인' },
  SwitchRole: { en: '[switch] to role <{more.SwitchTo}>', ko: '<{more.SwitchTo} >역할로 전환' },
  AssumeRole: {
    en: '[assume] role< {request.roleArn}>< as {request.roleSessionName}>',
    ko: '<{request.roleSessionName} 세션으로 >역할< {request.roleArn}>[을/를] 수임',
  },
  AssumeRoleWithSAML: {
    en: '[assume] role< {request.roleArn}> with SAML',
    ko: 'SAML로 역할< {request.roleArn}>[을/를] 수임',
  },
  AssumeRoleWithWebIdentity: {
    en: '[assume] role< {request.roleArn}>< as {request.roleSessionName}> with a web identity',
    ko: '웹 자격 증명으로 역할< {request.roleArn}>[을/를] 수임',
  },
  GetFederationToken: { en: '[take] a federation token< for {request.name}>', ko: '<{request.name}의 >페더레이션 토큰[을/를] 발급' },
  GetSessionToken: { en: '[take] a session token', ko: '세션 토큰[을/를] 발급' },
  GetCallerIdentity: { en: '[ask] who they are', ko: '자신의 신원[을/를] 확인' },

  // Users and their keys
  CreateUser: { en: '[create] user< {request.userName}>', ko: '사용자< {request.userName}>[을/를] 생성' },
  DeleteUser: { en: '[delete] user< {request.userName}>', ko: '사용자< {request.userName}>[을/를] 삭제' },
  CreateAccessKey: {
    en: '[create] access key< {response.accessKey.accessKeyId}>< for {request.userName}>',
    ko: '<{request.userName}의 >액세스 키< {response.accessKey.accessKeyId}>[을/를] 생성',
  },
  DeleteAccessKey: {
    en: '[delete] access key< {request.accessKeyId}>< of {request.userName}>',
    ko: '<{request.userName}의 >액세스 키< {request.accessKeyId}>[을/를] 삭제',
  },
  UpdateAccessKey: {
    en: '[make] access key< {request.accessKeyId}>< of {request.userName}>< {request.status}>',
    ko: '<{request.userName}의 >액세스 키< {request.accessKeyId}>의 상태를< {request.status}(으)로> 변경',
  },
  CreateLoginProfile: { en: '[give] {request.userName} a console password', ko: '{request.userName}의 콘솔 암호를 생성' },
  UpdateLoginProfile: { en: '[change] the console password of {request.userName}', ko: '{request.userName}의 콘솔 암호를 변경' },
  DeleteLoginProfile: { en: '[take] the console password from {request.userName}', ko: '{request.userName}의 콘솔 암호를 삭제' },
  DeactivateMFADevice: { en: '[switch off] MFA< of {request.userName}>', ko: '<{request.userName}의 >MFA를 비활성화' },
  AddUserToGroup: {
    en: '[add] {request.userName} to group {request.groupName}',
    ko: '{request.userName}[을/를] 그룹 {request.groupName}에 추가',
  },
  RemoveUserFromGroup: {
    en: '[remove] {request.userName} from group {request.groupName}',
    ko: '{request.userName}[을/를] 그룹 {request.groupName}에서 제거',
  },

  // Rights
  AttachUserPolicy: attach('user', '사용자', 'userName'),
  AttachRolePolicy: attach('role', '역할', 'roleName'),
  AttachGroupPolicy: attach('group', '그룹', 'groupName'),
  DetachUserPolicy: detach('user', '사용자', 'userName'),
  DetachRolePolicy: detach('role', '역할', 'roleName'),
  DetachGroupPolicy: detach('group', '그룹', 'groupName'),
  PutUserPolicy: inline('user', '사용자', 'userName'),
  PutRolePolicy: inline('role', '역할', 'roleName'),
  PutGroupPolicy: inline('group', '그룹', 'groupName'),
  UpdateAssumeRolePolicy: {
    en: '[change] who may assume role {request.roleName}',
    ko: '역할 {request.roleName}[을/를] 수임할 수 있는 주체를 변경',
  },

  // Data
  GetObject: { en: '[download] {request.key} from bucket {request.bucketName}', ko: '버킷 {request.bucketName}에서 {request.key}[을/를] 다운로드' },
  PutObject: { en: '[upload] {request.key} to bucket {request.bucketName}', ko: '버킷 {request.bucketName}에 {request.key}[을/를] 업로드' },
  DeleteObject: { en: '[delete] {request.key} from bucket {request.bucketName}', ko: '버킷 {request.bucketName}에서 {request.key}[을/를] 삭제' },
  PutBucketPolicy: { en: '[change] the policy of bucket {request.bucketName}', ko: '버킷 {request.bucketName}의 정책을 변경' },
  DeleteBucketPolicy: { en: '[delete] the policy of bucket {request.bucketName}', ko: '버킷 {request.bucketName}의 정책을 삭제' },
  GetSecretValue: { en: '[read] secret {request.secretId}', ko: '보안 암호 {request.secretId}[을/를] 조회' },
  Decrypt: { en: '[decrypt] with key< {request.keyId}>', ko: '키< {request.keyId}>(으)로 복호화' },
  GenerateDataKey: { en: '[take] a data key< of {request.keyId}>', ko: '<{request.keyId}의 >데이터 키를 생성' },
  ModifySnapshotAttribute: {
    en: '[share] snapshot {request.snapshotId}< with {request.createVolumePermission.add.items.userId}>',
    ko: '스냅샷 {request.snapshotId}의 공유 대상을< {request.createVolumePermission.add.items.userId}(으)로> 변경',
  },

  // Machines
  RunInstances: {
    en: '[launch] <{request.instanceType} >instance< {response.instancesSet.items.instanceId}>',
    ko: '<{request.instanceType} >인스턴스< {response.instancesSet.items.instanceId}>[을/를] 시작',
  },
  TerminateInstances: machines('terminate', '종료'),
  StopInstances: machines('stop', '중지'),
  StartInstances: machines('start', '시작'),
  AuthorizeSecurityGroupIngress: {
    en: '[open] security group {request.groupId}< to {request.ipPermissions.items.ipRanges.items.cidrIp}>< on port {request.ipPermissions.items.toPort}>',
    ko: '보안 그룹 {request.groupId}[을/를]< {request.ipPermissions.items.ipRanges.items.cidrIp}에 대해>< 포트 {request.ipPermissions.items.toPort}> 개방',
  },
  SendCommand: {
    en: '[send] command {request.documentName}< to {request.instanceIds}>',
    ko: '<{request.instanceIds}에 >명령 {request.documentName}[을/를] 전송',
  },
  StartSession: { en: '[open] a session on {request.target}', ko: '{request.target}에서 세션을 시작' },

  // The trail itself
  StopLogging: { en: '[stop] logging of trail {request.name}', ko: '추적 {request.name}의 로깅을 중지' },
  StartLogging: { en: '[start] logging of trail {request.name}', ko: '추적 {request.name}의 로깅을 시작' },
  DeleteTrail: { en: '[delete] trail {request.name}', ko: '추적 {request.name}[을/를] 삭제' },
  CreateTrail: { en: '[create] trail {request.name}', ko: '추적 {request.name}[을/를] 생성' },
  UpdateTrail: { en: '[change] trail {request.name}', ko: '추적 {request.name}[을/를] 변경' },
  PutEventSelectors: { en: '[change] what trail {request.trailName} records', ko: '추적 {request.trailName}의 기록 대상을 변경' },
  DeleteDetector: { en: '[delete] GuardDuty detector {request.detectorId}', ko: 'GuardDuty 탐지기 {request.detectorId}[을/를] 삭제' },
  LeaveOrganization: { en: '[leave] the organization', ko: '조직에서 탈퇴' },
};

function attach(noun: string, ko: string, member: string): Template {
  return {
    en: `[attach] policy {request.policyArn} to ${noun} {request.${member}}`,
    ko: `${ko} {request.${member}}에 정책 {request.policyArn}[을/를] 연결`,
  };
}

function detach(noun: string, ko: string, member: string): Template {
  return {
    en: `[detach] policy {request.policyArn} from ${noun} {request.${member}}`,
    ko: `${ko} {request.${member}}에서 정책 {request.policyArn}[을/를] 분리`,
  };
}

function inline(noun: string, ko: string, member: string): Template {
  return {
    en: `[write] inline policy {request.policyName} of ${noun} {request.${member}}`,
    ko: `${ko} {request.${member}}의 인라인 정책 {request.policyName}[을/를] 설정`,
  };
}

function machines(verb: string, ko: string): Template {
  return {
    en: `[${verb}] instance< {request.instancesSet.items.instanceId}>`,
    ko: `인스턴스< {request.instancesSet.items.instanceId}>[을/를] ${ko}`,
  };
}
