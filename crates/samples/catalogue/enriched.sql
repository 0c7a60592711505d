-- Events with context: tags of resources and principals, global condition keys.

-- id: enriched-trend
-- view: LineChart eventDate eventCount
-- name: Chart enriched events over time
-- name.ko: 보강된 이벤트 추이
-- about: Counts events that carry context for each period.
-- about.ko: 기간마다 문맥 정보가 붙은 이벤트를 센다.
-- words: enriched enrichment context events trend
-- words.ko: 보강 문맥 이벤트 추이
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventContext IS NOT NULL
GROUP BY 1
ORDER BY 1

-- id: resource-tags
-- view: Table
-- name: Count events by resource tag
-- name.ko: 리소스 태그별 이벤트 수
-- about: Counts events by the tags of the resources that they name.
-- about.ko: 대상 리소스의 태그별로 이벤트를 센다.
-- words: resource tag tags key value pairs context
-- words.ko: 리소스 태그 키 값 문맥
SELECT k AS tagKey, v AS tagValue, count(*) AS eventCount
FROM $EDS_ID
CROSS JOIN UNNEST(eventContext.tagContext.resourceTags) AS r (arn, tags)
CROSS JOIN UNNEST(r.tags) AS t (k, v)
WHERE $TIMES
GROUP BY 1, 2
ORDER BY eventCount DESC, tagKey, tagValue
LIMIT 100

-- id: resource-tags-in-use
-- view: Table
-- name: See tagged resources and who uses them
-- name.ko: 태그가 붙은 리소스와 그 사용자 보기
-- about: Counts events by tag, resource and user.
-- about.ko: 태그, 리소스, 사용자별로 이벤트를 센다.
-- words: resource tag tags associated resources users owner
-- words.ko: 리소스 태그 연관 사용자 소유
SELECT k AS tagKey, v AS tagValue, r.arn AS resourceArn, userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
CROSS JOIN UNNEST(eventContext.tagContext.resourceTags) AS r (arn, tags)
CROSS JOIN UNNEST(r.tags) AS t (k, v)
WHERE $TIMES
GROUP BY 1, 2, 3, 4
ORDER BY eventCount DESC, tagKey, tagValue, resourceArn, userArn
LIMIT 100

-- id: principal-tags
-- view: Table
-- name: Count events by principal tag
-- name.ko: 주체 태그별 이벤트 수
-- about: Counts events by the tags of their callers.
-- about.ko: 호출자의 태그별로 이벤트를 센다.
-- words: principal tag tags caller team department attribute
-- words.ko: 주체 태그 호출자 부서 속성
SELECT k AS tagKey, v AS tagValue, count(*) AS eventCount
FROM $EDS_ID
CROSS JOIN UNNEST(eventContext.tagContext.principalTags) AS t (k, v)
WHERE $TIMES
GROUP BY 1, 2
ORDER BY eventCount DESC, tagKey, tagValue
LIMIT 100

-- id: denied-by-principal-tag
-- view: Table
-- name: Find denied actions by principal tag
-- name.ko: 주체 태그별 거부된 작업 찾기
-- about: Counts refused calls by the tags of their callers and API.
-- about.ko: 거부된 호출을 호출자의 태그와 API별로 센다.
-- words: principal tag access denied abac actions
-- words.ko: 주체 태그 거부 작업 액세스
SELECT k AS tagKey, v AS tagValue, eventName, count(*) AS eventCount
FROM $EDS_ID
CROSS JOIN UNNEST(eventContext.tagContext.principalTags) AS t (k, v)
WHERE $TIMES AND $DENIED
GROUP BY 1, 2, 3
ORDER BY eventCount DESC, tagKey, tagValue, eventName
LIMIT 100

-- id: condition-keys-principal
-- view: Table
-- name: Count principal properties in condition keys
-- name.ko: 조건 키의 주체 속성 세기
-- about: Counts values of global condition keys about the principal, such as aws:PrincipalArn.
-- about.ko: aws:PrincipalArn처럼 주체에 관한 전역 조건 키의 값을 센다.
-- words: global condition key keys principal property iam context
-- words.ko: 전역 조건 키 주체 속성
SELECT k AS conditionKey, v AS conditionValue, count(*) AS eventCount
FROM $EDS_ID
CROSS JOIN UNNEST(eventContext.requestContext) AS t (k, v)
WHERE $TIMES AND lower(k) LIKE 'aws:principal%'
GROUP BY 1, 2
ORDER BY eventCount DESC, conditionKey, conditionValue
LIMIT 100

-- id: condition-keys-session
-- view: Table
-- name: Count role session properties in condition keys
-- name.ko: 조건 키의 역할 세션 속성 세기
-- about: Counts values of global condition keys about the role session, such as aws:TokenIssueTime and aws:MultiFactorAuthPresent.
-- about.ko: aws:TokenIssueTime, aws:MultiFactorAuthPresent처럼 역할 세션에 관한 전역 조건 키의 값을 센다.
-- words: global condition key keys role session property mfa token
-- words.ko: 전역 조건 키 역할 세션 속성
SELECT k AS conditionKey, v AS conditionValue, count(*) AS eventCount
FROM $EDS_ID
CROSS JOIN UNNEST(eventContext.requestContext) AS t (k, v)
WHERE $TIMES AND $SESSION_KEY
GROUP BY 1, 2
ORDER BY eventCount DESC, conditionKey, conditionValue
LIMIT 100

-- id: condition-keys-request
-- view: Table
-- name: Count request properties in condition keys
-- name.ko: 조건 키의 요청 속성 세기
-- about: Counts values of the other global condition keys, which are about the request, such as aws:SecureTransport.
-- about.ko: aws:SecureTransport처럼 요청에 관한 나머지 전역 조건 키의 값을 센다.
-- words: global condition key keys request property via secure transport
-- words.ko: 전역 조건 키 요청 속성
SELECT k AS conditionKey, v AS conditionValue, count(*) AS eventCount
FROM $EDS_ID
CROSS JOIN UNNEST(eventContext.requestContext) AS t (k, v)
WHERE $TIMES AND lower(k) NOT LIKE 'aws:principal%' AND NOT $SESSION_KEY
GROUP BY 1, 2
ORDER BY eventCount DESC, conditionKey, conditionValue
LIMIT 100
