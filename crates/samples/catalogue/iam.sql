-- Identities: users, roles, keys, policies.

-- id: top-iam-apis
-- view: BarChart eventName eventCount
-- name: Find the most used IAM APIs
-- name.ko: 가장 많이 쓰인 IAM API 찾기
-- about: Counts IAM calls by API.
-- about.ko: IAM 호출을 API별로 센다.
-- words: iam api identity calls top
-- words.ko: 자격 신원 호출 상위
SELECT eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com'
GROUP BY eventName
ORDER BY eventCount DESC, eventName
LIMIT 100

-- id: top-iam-callers
-- view: Table
-- name: Find who calls IAM most
-- name.ko: IAM을 가장 많이 호출한 주체 찾기
-- about: Counts IAM calls by caller.
-- about.ko: IAM 호출을 호출자별로 센다.
-- words: iam caller user principal who identity
-- words.ko: 호출자 사용자 주체 누가
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com' AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: iam-outcome-trend
-- view: LineChart eventDate eventCount outcome
-- name: Chart IAM successes and failures over time
-- name.ko: IAM 성공·실패 추이
-- about: Counts IAM calls for each period by whether they succeeded.
-- about.ko: 기간마다 IAM 호출의 성공과 실패를 센다.
-- words: iam success failure trend outcome timeline
-- words.ko: 성공 실패 추이 결과
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, IF(errorCode IS NULL, 'success', 'failure') AS outcome, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: top-iam-errors
-- view: Table
-- name: Find IAM API errors
-- name.ko: IAM API 오류 찾기
-- about: Counts failed IAM calls by API and error code.
-- about.ko: 실패한 IAM 호출을 API와 오류 코드별로 센다.
-- words: iam error failure code api
-- words.ko: 오류 에러 실패
SELECT eventName, errorCode, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com' AND errorCode IS NOT NULL
GROUP BY eventName, errorCode
ORDER BY eventCount DESC, eventName, errorCode
LIMIT 100

-- id: top-iam-denied
-- view: Table
-- name: Find IAM APIs that were denied
-- name.ko: 거부된 IAM API 찾기
-- about: Counts IAM calls that were refused for missing permissions.
-- about.ko: 권한이 없어 거부된 IAM 호출을 센다.
-- words: iam access denied permission escalation unauthorized
-- words.ko: 거부 권한 상승 접근
SELECT eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com' AND $DENIED
GROUP BY eventName
ORDER BY eventCount DESC, eventName
LIMIT 100

-- id: top-iam-addresses
-- view: Table
-- name: Find the IP addresses of IAM calls
-- name.ko: IAM을 호출한 IP 주소 찾기
-- about: Counts IAM calls by source IP address.
-- about.ko: IAM 호출을 출발지 IP 주소별로 센다.
-- words: iam ip address source origin
-- words.ko: 주소 아이피 출발지
SELECT sourceIPAddress, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com'
GROUP BY sourceIPAddress
ORDER BY eventCount DESC, sourceIPAddress
LIMIT 100

-- id: iam-policy-changes
-- view: Table
-- name: List recent IAM policy changes
-- name.ko: 최근 IAM 정책 변경 나열
-- about: Lists calls that created, attached, detached, changed or deleted IAM policies.
-- about.ko: IAM 정책을 만들고, 붙이고, 떼고, 고치고, 지운 호출을 나열한다.
-- words: iam policy policies attach detach permission change modified edited inline managed
-- words.ko: 정책 변경 연결 분리 권한 수정 부여
SELECT eventTime, userIdentity.arn AS userArn, eventName, coalesce(element_at(requestParameters, 'policyArn'), element_at(requestParameters, 'policyName')) AS policy, errorCode
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com' AND eventName LIKE '%Policy%' AND readOnly = false
ORDER BY eventTime DESC
LIMIT 100

-- id: iam-user-changes
-- view: Table
-- name: List recent IAM user changes
-- name.ko: 최근 IAM 사용자 변경 나열
-- about: Lists IAM users that were created, changed or deleted, and by whom.
-- about.ko: 만들어지거나 바뀌거나 지워진 IAM 사용자와 그렇게 한 사람을 나열한다.
-- words: iam user create delete new account added changed createuser deleteuser
-- words.ko: 사용자 생성 새로 만든 삭제 추가 변경 신규 계정
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'userName') AS changedUser
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com' AND eventName IN ('CreateUser', 'UpdateUser', 'DeleteUser') AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: top-assumed-roles
-- view: Table
-- name: Find the most assumed IAM roles
-- name.ko: 가장 많이 수임된 IAM 역할 찾기
-- about: Counts successful AssumeRole calls by role.
-- about.ko: 성공한 AssumeRole 호출을 역할별로 센다.
-- words: assume role sts roles assumerole switch session
-- words.ko: 역할 수임 전환 세션
SELECT element_at(requestParameters, 'roleArn') AS roleArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'sts.amazonaws.com' AND eventName = 'AssumeRole' AND errorCode IS NULL
GROUP BY 1
ORDER BY eventCount DESC, roleArn
LIMIT 100

-- id: users-changing-policies
-- view: Table
-- name: Find users who change IAM policies
-- name.ko: IAM 정책을 바꾸는 사용자 찾기
-- about: Counts successful changes of IAM policies by user.
-- about.ko: IAM 정책을 성공적으로 바꾼 호출을 사용자별로 센다.
-- words: iam policy user who change permission administrators
-- words.ko: 정책 사용자 변경 누가 권한 관리자
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com' AND eventName LIKE '%Policy%' AND readOnly = false AND errorCode IS NULL AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: privileged-user-actions
-- view: Table
-- name: See what potentially privileged IAM users do
-- name.ko: 권한이 큰 것으로 보이는 IAM 사용자의 행동 보기
-- about: Counts the actions of users who changed IAM policies or made access keys in the same range.
-- about.ko: 같은 기간에 IAM 정책을 바꾸거나 액세스 키를 만든 사용자의 행동을 센다.
-- words: privileged admin administrator power user actions escalation
-- words.ko: 권한 관리자 특권 행동 상승 사용자
SELECT eventSource, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND userIdentity.arn IN (
  SELECT userIdentity.arn
  FROM $EDS_ID
  WHERE $TIMES AND eventSource = 'iam.amazonaws.com' AND readOnly = false AND errorCode IS NULL
    AND (eventName LIKE '%Policy%' OR eventName = 'CreateAccessKey') AND userIdentity.arn IS NOT NULL)
GROUP BY eventSource, eventName
ORDER BY eventCount DESC, eventSource, eventName
LIMIT 100

-- id: access-keys-created
-- view: Table
-- name: List access keys that were created
-- name.ko: 생성된 액세스 키 나열
-- about: Lists new access keys: for which user, by whom, from where.
-- about.ko: 새 액세스 키를 누구의 것인지, 누가, 어디서 만들었는지와 함께 나열한다.
-- words: access key created new credential secret createaccesskey persistence
-- words.ko: 액세스 키 생성 새로 만든 자격 증명 비밀 신규
SELECT eventTime, userIdentity.arn AS userArn, coalesce(element_at(requestParameters, 'userName'), userIdentity.userName) AS keyOwner, sourceIPAddress
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'iam.amazonaws.com' AND eventName = 'CreateAccessKey' AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: access-key-activity
-- view: Table
-- name: See where each access key is used
-- name.ko: 액세스 키마다 쓰인 곳 보기
-- about: Counts calls, addresses and APIs of each long-term access key; many addresses for one key can mean that it leaked.
-- about.ko: 장기 액세스 키마다 호출, 주소, API 수를 센다. 한 키에 주소가 많으면 유출일 수 있다.
-- words: access key leaked leak compromised stolen usage credential akia
-- words.ko: 액세스 키 유출 탈취 도난 사용 자격증명
SELECT userIdentity.accessKeyId AS accessKeyId, count(*) AS eventCount, count(DISTINCT sourceIPAddress) AS addresses, count(DISTINCT eventName) AS apis
FROM $EDS_ID
WHERE $TIMES AND userIdentity.accessKeyId LIKE 'AKIA%'
GROUP BY 1
ORDER BY addresses DESC, eventCount DESC, accessKeyId
LIMIT 100

-- id: new-user-with-key
-- view: Table
-- name: Find new users who got an access key soon
-- name.ko: 만들어지자마자 액세스 키를 받은 사용자 찾기
-- about: Joins CreateUser with a CreateAccessKey for the same user within an hour: a common way to stay in an account.
-- about.ko: CreateUser 뒤 한 시간 안에 같은 사용자로 CreateAccessKey가 있었는지 잇는다. 계정에 눌러앉는 흔한 수법이다.
-- words: backdoor persistence new user access key correlate join attack
-- words.ko: 백도어 지속 신규 사용자 액세스 키 공격 상관
SELECT made.eventTime AS userCreated, element_at(made.requestParameters, 'userName') AS newUser, given.eventTime AS keyCreated, given.userIdentity.arn AS createdBy
FROM $EDS_ID made
JOIN $EDS_ID given ON element_at(given.requestParameters, 'userName') = element_at(made.requestParameters, 'userName')
WHERE made.$TIMES AND given.$TIMES
  AND made.eventName = 'CreateUser' AND made.errorCode IS NULL
  AND given.eventName = 'CreateAccessKey' AND given.errorCode IS NULL
  AND given.eventTime BETWEEN made.eventTime AND date_add('hour', 1, made.eventTime)
ORDER BY keyCreated DESC, userCreated
LIMIT 100

-- id: admin-policy-attached
-- view: Table
-- name: Find grants of administrator access
-- name.ko: 관리자 권한 부여 찾기
-- about: Lists attachments of the policy AdministratorAccess to users, groups and roles.
-- about.ko: 사용자, 그룹, 역할에 AdministratorAccess 정책을 붙인 호출을 나열한다.
-- words: administrator admin access grant attach privilege escalation full
-- words.ko: 관리자 권한 부여 연결 상승 전체
SELECT eventTime, userIdentity.arn AS userArn, eventName, coalesce(element_at(requestParameters, 'userName'), element_at(requestParameters, 'roleName'), element_at(requestParameters, 'groupName')) AS grantedTo
FROM $EDS_ID
WHERE $TIMES AND eventName IN ('AttachUserPolicy', 'AttachRolePolicy', 'AttachGroupPolicy')
  AND element_at(requestParameters, 'policyArn') LIKE '%:policy/AdministratorAccess' AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: role-trust-changes
-- view: Table
-- name: List changes of who may assume roles
-- name.ko: 역할 신뢰 정책 변경 나열
-- about: Lists new roles and changed trust policies, with the policy document.
-- about.ko: 새 역할과 바뀐 신뢰 정책을 문서와 함께 나열한다.
-- words: role trust policy assume updateassumerolepolicy createrole cross account
-- words.ko: 역할 신뢰 정책 변경 수임 교차 계정
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'roleName') AS roleName,
  coalesce(element_at(requestParameters, 'policyDocument'), element_at(requestParameters, 'assumeRolePolicyDocument')) AS document
FROM $EDS_ID
WHERE $TIMES AND eventName IN ('UpdateAssumeRolePolicy', 'CreateRole') AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: password-policy-changes
-- view: Table
-- name: List changes of the account password policy
-- name.ko: 계정 암호 정책 변경 나열
-- about: Lists calls that changed or deleted the password policy.
-- about.ko: 암호 정책을 바꾸거나 지운 호출을 나열한다.
-- words: password policy account compliance complexity rotation
-- words.ko: 암호 비밀번호 정책 변경 준수
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'minimumPasswordLength') AS minimumLength
FROM $EDS_ID
WHERE $TIMES AND eventName IN ('UpdateAccountPasswordPolicy', 'DeleteAccountPasswordPolicy')
ORDER BY eventTime DESC
LIMIT 100

-- id: identity-center-sign-ins
-- view: Table
-- name: See sign-ins through IAM Identity Center
-- name.ko: IAM Identity Center 로그인 보기
-- about: Counts federated role sessions by user and role.
-- about.ko: 사용자와 역할별로 페더레이션 역할 세션 수를 센다.
-- words: sso identity center federated federation saml login sign in single
-- words.ko: 통합 로그인 페더레이션 접속 싱글사인온
SELECT element_at(serviceEventDetails, 'account_id') AS account, element_at(serviceEventDetails, 'role_name') AS roleName, userIdentity.userName AS userName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'sso.amazonaws.com' AND eventName = 'Federate'
GROUP BY 1, 2, 3
ORDER BY eventCount DESC, account, roleName, userName
LIMIT 100
