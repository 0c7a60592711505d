-- Sign-ins, root, destruction, and what hides traces.

-- id: console-sign-ins
-- view: LineChart eventDate eventCount outcome
-- name: Chart console sign-ins
-- name.ko: 콘솔 로그인 추이
-- about: Counts successful and failed sign-ins to the AWS Management Console for each period.
-- about.ko: 기간마다 AWS 관리 콘솔 로그인의 성공과 실패를 센다.
-- words: console login logins sign in signin consolelogin success failure trend
-- words.ko: 콘솔 로그인 접속 추이
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, element_at(responseElements, 'ConsoleLogin') AS outcome, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventName = 'ConsoleLogin'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: failed-logins-mfa-trend
-- view: LineChart eventDate eventCount mfaUsed
-- name: Chart failed console logins with and without MFA
-- name.ko: MFA 사용 여부별 콘솔 로그인 실패 추이
-- about: Counts failed sign-ins for each period by whether multi-factor authentication was used.
-- about.ko: 기간마다 로그인 실패를 다중 인증 사용 여부별로 센다.
-- words: failed console login mfa multi factor trend brute force
-- words.ko: 실패 콘솔 로그인 다중 인증 추이 무차별
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, element_at(additionalEventData, 'MFAUsed') AS mfaUsed, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventName = 'ConsoleLogin' AND element_at(responseElements, 'ConsoleLogin') = 'Failure'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: failed-logins-by-address
-- view: Table
-- name: Find failed console logins by IP address
-- name.ko: IP 주소별 콘솔 로그인 실패 찾기
-- about: Counts failed sign-ins by source IP address and the number of user names that were tried.
-- about.ko: 출발지 IP 주소별 로그인 실패 수와 시도한 사용자 이름 수를 센다.
-- words: failed failure console login logins sign in brute force password guessing ip address attack
-- words.ko: 실패 콘솔 로그인 무차별 대입 암호 추측 주소 공격
SELECT sourceIPAddress, count(*) AS eventCount, count(DISTINCT userIdentity.userName) AS userNames
FROM $EDS_ID
WHERE $TIMES AND eventName = 'ConsoleLogin' AND element_at(responseElements, 'ConsoleLogin') = 'Failure'
GROUP BY sourceIPAddress
ORDER BY eventCount DESC, sourceIPAddress
LIMIT 100

-- id: root-logins
-- view: Table
-- name: List root user console logins
-- name.ko: 루트 사용자 콘솔 로그인 나열
-- about: Lists attempts of the root user to sign in, whether they succeeded, and whether MFA was used.
-- about.ko: 루트 사용자의 로그인 시도와 성공 여부, MFA 사용 여부를 나열한다.
-- words: root user login sign in console account owner
-- words.ko: 루트 사용자 로그인 접속 콘솔 소유자
SELECT eventTime, sourceIPAddress, element_at(responseElements, 'ConsoleLogin') AS outcome, element_at(additionalEventData, 'MFAUsed') AS mfaUsed
FROM $EDS_ID
WHERE $TIMES AND eventName = 'ConsoleLogin' AND userIdentity.type = 'Root'
ORDER BY eventTime DESC
LIMIT 100

-- id: root-activity
-- view: Table
-- name: See everything the root user did
-- name.ko: 루트 사용자가 한 모든 일 보기
-- about: Lists calls of the root user that no AWS service made for it.
-- about.ko: AWS 서비스가 대신 한 것이 아닌, 루트 사용자의 호출을 나열한다.
-- words: root user activity usage account owner compliance cis
-- words.ko: 루트 사용자 활동 사용 준수 소유자
SELECT eventTime, eventSource, eventName, awsRegion, sourceIPAddress, errorCode
FROM $EDS_ID
WHERE $TIMES AND userIdentity.type = 'Root' AND userIdentity.invokedBy IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: logins-without-mfa
-- view: Table
-- name: Find console logins without MFA
-- name.ko: MFA 없는 콘솔 로그인 찾기
-- about: Counts successful sign-ins without multi-factor authentication by user.
-- about.ko: 다중 인증 없이 성공한 로그인을 사용자별로 센다.
-- words: console login sign in without no mfa multi factor missing compliance
-- words.ko: 콘솔 로그인 다중 인증 없이 없는 미사용 준수
SELECT userIdentity.arn AS userArn, count(*) AS eventCount, max(eventTime) AS lastTime
FROM $EDS_ID
WHERE $TIMES AND eventName = 'ConsoleLogin' AND element_at(responseElements, 'ConsoleLogin') = 'Success'
  AND element_at(additionalEventData, 'MFAUsed') = 'No'
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: destructive-actions
-- view: Table
-- name: Find destructive actions
-- name.ko: 파괴적인 작업 찾기
-- about: Counts successful calls that delete or terminate things, by service and API.
-- about.ko: 무언가를 지우거나 종료하는 데 성공한 호출을 서비스와 API별로 센다.
-- words: destructive delete deleted deletion terminate remove destroy wiped ransom
-- words.ko: 파괴 삭제 종료 제거 지운 지워진 랜섬
SELECT eventSource, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $DESTRUCTIVE
GROUP BY eventSource, eventName
ORDER BY eventCount DESC, eventSource, eventName
LIMIT 100

-- id: destructive-users
-- view: Table
-- name: Find users who delete most
-- name.ko: 가장 많이 지운 사용자 찾기
-- about: Counts successful destructive calls by user.
-- about.ko: 성공한 파괴적 호출을 사용자별로 센다.
-- words: destructive delete terminate user who removed deleted
-- words.ko: 파괴 삭제 종료 사용자 누가 지운 제거
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $DESTRUCTIVE AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: cross-account-access
-- view: Table
-- name: Find cross-account access
-- name.ko: 교차 계정 액세스 찾기
-- about: Counts calls whose caller belongs to another account than the one that recorded the event.
-- about.ko: 이벤트를 기록한 계정과 다른 계정의 호출자가 한 호출을 센다.
-- words: cross account external third party other foreign access accounts
-- words.ko: 교차 계정 외부 다른 타사 접근
SELECT userIdentity.accountId AS callerAccount, eventSource, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND userIdentity.accountId <> recipientAccountId
GROUP BY 1, 2, 3
ORDER BY eventCount DESC, callerAccount, eventSource, eventName
LIMIT 100

-- id: mfa-disabled
-- view: Table
-- name: Find users who disabled MFA
-- name.ko: MFA를 끈 사용자 찾기
-- about: Lists calls that deactivated or deleted an MFA device.
-- about.ko: MFA 장치를 비활성화하거나 지운 호출을 나열한다.
-- words: mfa disabled deactivate turned off multi factor device removed
-- words.ko: 다중 인증 비활성화 해제 끈 장치 제거
SELECT eventTime, userIdentity.arn AS userArn, eventName, coalesce(element_at(requestParameters, 'userName'), element_at(requestParameters, 'serialNumber')) AS target
FROM $EDS_ID
WHERE $TIMES AND eventName IN ('DeactivateMFADevice', 'DeleteVirtualMFADevice') AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: cloudtrail-disabled
-- view: Table
-- name: Find attempts to disable CloudTrail
-- name.ko: CloudTrail을 끄려는 시도 찾기
-- about: Lists calls that stop, delete or narrow trails and event data stores, also those that failed.
-- about.ko: 추적과 이벤트 데이터 스토어를 멈추거나 지우거나 좁히는 호출을, 실패한 것까지 나열한다.
-- words: cloudtrail disable stop logging tamper delete trail evasion hide evidence audit off
-- words.ko: 끄기 중지 로깅 변조 삭제 추적 은폐 회피 감사
SELECT eventTime, userIdentity.arn AS userArn, eventName, sourceIPAddress, errorCode
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'cloudtrail.amazonaws.com'
  AND eventName IN ('StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors', 'DeleteEventDataStore', 'StopEventDataStoreIngestion')
ORDER BY eventTime DESC
LIMIT 100

-- id: security-services-disabled
-- view: Table
-- name: Find security services that were switched off
-- name.ko: 꺼진 보안 서비스 찾기
-- about: Lists calls that disable GuardDuty, Security Hub, AWS Config or Macie.
-- about.ko: GuardDuty, Security Hub, AWS Config, Macie를 끄는 호출을 나열한다.
-- words: guardduty security hub config macie disabled delete detector recorder stop evasion
-- words.ko: 보안 서비스 비활성화 탐지기 중지 회피 끄기
SELECT eventTime, userIdentity.arn AS userArn, eventSource, eventName, errorCode
FROM $EDS_ID
WHERE $TIMES AND (eventSource = 'guardduty.amazonaws.com' AND eventName IN ('DeleteDetector', 'DisassociateFromMasterAccount', 'StopMonitoringMembers')
  OR eventSource = 'securityhub.amazonaws.com' AND eventName = 'DisableSecurityHub'
  OR eventSource = 'config.amazonaws.com' AND eventName IN ('StopConfigurationRecorder', 'DeleteConfigurationRecorder', 'DeleteDeliveryChannel')
  OR eventSource = 'macie2.amazonaws.com' AND eventName = 'DisableMacie')
ORDER BY eventTime DESC
LIMIT 100

-- id: kms-keys-at-risk
-- view: Table
-- name: Find KMS keys that were disabled or scheduled for deletion
-- name.ko: 비활성화되거나 삭제 예약된 KMS 키 찾기
-- about: Lists successful DisableKey and ScheduleKeyDeletion calls with the key.
-- about.ko: 성공한 DisableKey와 ScheduleKeyDeletion 호출을 키와 함께 나열한다.
-- words: kms key deletion schedule disable encryption schedulekeydeletion
-- words.ko: 키 삭제 예약 비활성화 암호화
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'keyId') AS keyId
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'kms.amazonaws.com' AND eventName IN ('DisableKey', 'ScheduleKeyDeletion') AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: kms-key-access-changes
-- view: Table
-- name: List recent KMS key access changes
-- name.ko: 최근 KMS 키 액세스 변경 나열
-- about: Lists key policies that were put, and grants that were made, retired or revoked.
-- about.ko: 설정된 키 정책과 만들어지거나 폐기, 취소된 권한 부여를 나열한다.
-- words: kms key policy grant access change encryption putkeypolicy
-- words.ko: 키 정책 부여 액세스 변경 암호화
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'keyId') AS keyId
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'kms.amazonaws.com' AND eventName IN ('PutKeyPolicy', 'CreateGrant', 'RevokeGrant', 'RetireGrant')
ORDER BY eventTime DESC
LIMIT 100

-- id: secrets-read
-- view: Table
-- name: See who reads secrets
-- name.ko: 비밀을 읽은 사람 보기
-- about: Counts successful reads of Secrets Manager secrets and decrypted Parameter Store parameters by user and name.
-- about.ko: Secrets Manager 비밀과 복호화한 Parameter Store 값을 읽은 호출을 사용자와 이름별로 센다.
-- words: secret secrets manager parameter store getsecretvalue read credential exfiltration
-- words.ko: 비밀 시크릿 파라미터 읽기 조회 자격증명 유출
SELECT userIdentity.arn AS userArn, coalesce(element_at(requestParameters, 'secretId'), element_at(requestParameters, 'name')) AS secret, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND errorCode IS NULL AND (eventName = 'GetSecretValue'
  OR eventName = 'GetParameter' AND element_at(requestParameters, 'withDecryption') = 'true')
GROUP BY 1, 2
ORDER BY eventCount DESC, userArn, secret
LIMIT 100

-- id: many-users-one-address
-- view: Table
-- name: Find IP addresses that use several identities
-- name.ko: 여러 신원을 쓰는 IP 주소 찾기
-- about: Lists addresses from which three or more callers made calls: a shared proxy, or stolen credentials.
-- about.ko: 셋 이상의 호출자가 쓴 주소를 나열한다. 공용 프록시이거나 도난당한 자격 증명이다.
-- words: ip address several many multiple identities users shared stolen suspicious
-- words.ko: 주소 여러 다수 신원 사용자 공유 도난 수상한
SELECT sourceIPAddress, count(DISTINCT userIdentity.arn) AS users, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND userIdentity.arn IS NOT NULL AND sourceIPAddress NOT LIKE '%.amazonaws.com'
GROUP BY sourceIPAddress
HAVING count(DISTINCT userIdentity.arn) >= 3
ORDER BY users DESC, eventCount DESC, sourceIPAddress
LIMIT 100

-- id: reconnaissance
-- view: Table
-- name: Find callers who look around
-- name.ko: 정찰하는 호출자 찾기
-- about: Counts distinct List, Describe and Get APIs by caller, with how many of the calls were denied.
-- about.ko: 호출자마다 서로 다른 List, Describe, Get API 수와 거부된 호출 수를 센다.
-- words: reconnaissance enumeration discovery scan list describe probing attacker
-- words.ko: 정찰 열거 탐색 스캔 조회 공격자
SELECT userIdentity.arn AS userArn, count(DISTINCT eventName) AS apis, count(*) AS eventCount, count_if($DENIED) AS denied
FROM $EDS_ID
WHERE $TIMES AND userIdentity.arn IS NOT NULL AND regexp_like(eventName, '^(List|Describe|Get)')
GROUP BY 1
ORDER BY apis DESC, eventCount DESC, userArn
LIMIT 100

-- id: vpc-endpoint-denials
-- view: Table
-- name: Find calls that VPC endpoint policies denied
-- name.ko: VPC 엔드포인트 정책이 거부한 호출 찾기
-- about: Counts network activity events with the error VpceAccessDenied by endpoint, service and API.
-- about.ko: VpceAccessDenied 오류가 난 네트워크 활동 이벤트를 엔드포인트, 서비스, API별로 센다.
-- words: vpc endpoint network activity denied policy vpce perimeter exfiltration
-- words.ko: 엔드포인트 네트워크 활동 거부 정책 경계 유출
SELECT vpcEndpointId, eventSource, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventCategory = 'NetworkActivity' AND errorCode = 'VpceAccessDenied'
GROUP BY vpcEndpointId, eventSource, eventName
ORDER BY eventCount DESC, vpcEndpointId, eventSource, eventName
LIMIT 100

-- id: vpc-endpoint-use
-- view: Table
-- name: See the traffic through VPC endpoints
-- name.ko: VPC 엔드포인트를 지난 호출 보기
-- about: Counts calls by VPC endpoint and service, and the accounts that made them.
-- about.ko: VPC 엔드포인트와 서비스별 호출 수와 호출한 계정 수를 센다.
-- words: vpc endpoint private link traffic network service
-- words.ko: 엔드포인트 프라이빗 트래픽 네트워크 서비스
SELECT vpcEndpointId, eventSource, count(*) AS eventCount, count(DISTINCT userIdentity.accountId) AS accounts
FROM $EDS_ID
WHERE $TIMES AND vpcEndpointId IS NOT NULL
GROUP BY vpcEndpointId, eventSource
ORDER BY eventCount DESC, vpcEndpointId, eventSource
LIMIT 100
