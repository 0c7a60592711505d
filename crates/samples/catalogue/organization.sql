-- Organizations and many accounts.

-- id: org-trend
-- view: LineChart eventDate eventCount account
-- name: Chart activity by account in the organization
-- name.ko: 조직의 계정별 활동 추이
-- about: Counts events of each account for each period.
-- about.ko: 기간마다 계정별 이벤트를 센다.
-- words: organization account accounts activity trend
-- words.ko: 조직 계정 활동 추이
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, recipientAccountId AS account, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES
GROUP BY 1, 2
ORDER BY 1, 2

-- id: org-account-management
-- view: Table
-- name: See how member accounts are managed
-- name.ko: 멤버 계정 관리 보기
-- about: Lists accounts that were created, invited, moved, removed or closed.
-- about.ko: 만들거나, 초대하거나, 옮기거나, 빼거나, 닫은 계정을 나열한다.
-- words: organization member account management create invite move remove close leave
-- words.ko: 조직 멤버 계정 관리 생성 초대 이동 탈퇴 종료
SELECT eventTime, userIdentity.arn AS userArn, eventName, coalesce(element_at(requestParameters, 'accountId'), element_at(requestParameters, 'accountName')) AS account, errorCode
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'organizations.amazonaws.com'
  AND eventName IN ('CreateAccount', 'InviteAccountToOrganization', 'MoveAccount', 'RemoveAccountFromOrganization', 'CloseAccount', 'LeaveOrganization')
ORDER BY eventTime DESC
LIMIT 100

-- id: org-accounts
-- view: BarChart account eventCount
-- name: Find the most active accounts
-- name.ko: 가장 활발한 계정 찾기
-- about: Counts events by account.
-- about.ko: 계정별 이벤트를 센다.
-- words: organization account accounts most active member
-- words.ko: 조직 계정 활발한 멤버
SELECT recipientAccountId AS account, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES
GROUP BY 1
ORDER BY eventCount DESC, account
LIMIT 100

-- id: org-accounts-by-service
-- view: Table
-- name: Find the most active accounts of each service
-- name.ko: 서비스별로 가장 활발한 계정 찾기
-- about: Ranks accounts by their events within each service; the first three of each.
-- about.ko: 서비스마다 이벤트가 많은 순서로 계정의 순위를 매겨 앞의 셋을 보여 준다.
-- words: organization account service most active rank
-- words.ko: 조직 계정 서비스 순위 활발한
SELECT eventSource, account, eventCount
FROM (
  SELECT eventSource, recipientAccountId AS account, count(*) AS eventCount,
    row_number() OVER (PARTITION BY eventSource ORDER BY count(*) DESC, recipientAccountId) AS place
  FROM $EDS_ID
  WHERE $TIMES
  GROUP BY 1, 2)
WHERE place <= 3
ORDER BY eventSource, eventCount DESC, account

-- id: org-apis
-- view: Table
-- name: Find the APIs used across the organization
-- name.ko: 조직 전체에서 쓰인 API 찾기
-- about: Counts events by API and the accounts that used it.
-- about.ko: API별 이벤트 수와 그것을 쓴 계정 수를 센다.
-- words: organization api across accounts most used
-- words.ko: 조직 전체 계정 사용
SELECT eventSource, eventName, count(*) AS eventCount, count(DISTINCT recipientAccountId) AS accounts
FROM $EDS_ID
WHERE $TIMES
GROUP BY eventSource, eventName
ORDER BY eventCount DESC, eventSource, eventName
LIMIT 100

-- id: org-denied-trend
-- view: LineChart eventDate eventCount account
-- name: Chart access-denied errors by account
-- name.ko: 계정별 액세스 거부 추이
-- about: Counts refused calls of each account for each period.
-- about.ko: 기간마다 계정별로 거부된 호출을 센다.
-- words: organization access denied trend account
-- words.ko: 조직 액세스 거부 추이 계정
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, recipientAccountId AS account, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $DENIED
GROUP BY 1, 2
ORDER BY 1, 2

-- id: org-denied-accounts
-- view: Table
-- name: Find accounts with the most access-denied errors
-- name.ko: 액세스 거부가 가장 많은 계정 찾기
-- about: Counts refused calls by account.
-- about.ko: 거부된 호출을 계정별로 센다.
-- words: organization account accounts access denied most
-- words.ko: 조직 계정 액세스 거부
SELECT recipientAccountId AS account, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $DENIED
GROUP BY 1
ORDER BY eventCount DESC, account
LIMIT 100

-- id: scp-changes
-- view: Table
-- name: List recent service control policy changes
-- name.ko: 최근 서비스 제어 정책 변경 나열
-- about: Lists policies of the organization that were created, changed, attached, detached or deleted.
-- about.ko: 만들거나, 고치거나, 붙이거나, 떼거나, 지운 조직 정책을 나열한다.
-- words: scp service control policy organization guardrail change
-- words.ko: 서비스 제어 정책 조직 가드레일 변경
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'policyId') AS policyId, element_at(requestParameters, 'targetId') AS targetId
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'organizations.amazonaws.com' AND eventName IN ('CreatePolicy', 'UpdatePolicy', 'AttachPolicy', 'DetachPolicy', 'DeletePolicy')
ORDER BY eventTime DESC
LIMIT 100
