-- What fails.

-- id: top-errors
-- view: Table
-- name: Find the most common errors
-- name.ko: 가장 흔한 오류 찾기
-- about: Counts failed calls by error code.
-- about.ko: 실패한 호출을 오류 코드별로 센다.
-- words: error errors failure failed problem code top
-- words.ko: 오류 에러 실패 문제 코드
SELECT errorCode, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND errorCode IS NOT NULL
GROUP BY errorCode
ORDER BY eventCount DESC, errorCode
LIMIT 100

-- id: top-error-messages
-- view: Table
-- name: Find the most common error messages
-- name.ko: 가장 흔한 오류 메시지 찾기
-- about: Counts failed calls by error message.
-- about.ko: 실패한 호출을 오류 메시지별로 센다.
-- words: error message text description failure
-- words.ko: 오류 에러 메시지 문구 실패
SELECT errorMessage, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND errorMessage IS NOT NULL
GROUP BY errorMessage
ORDER BY eventCount DESC, errorMessage
LIMIT 100

-- id: errors-by-service
-- view: BarChart service eventCount
-- name: Count errors by service
-- name.ko: 서비스별 오류 수
-- about: Counts failed calls by AWS service.
-- about.ko: 실패한 호출을 AWS 서비스별로 센다.
-- words: error count service failure source
-- words.ko: 오류 에러 서비스 실패 개수
SELECT replace(eventSource, '.amazonaws.com') AS service, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND errorCode IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, service
LIMIT 100

-- id: errors-by-api
-- view: Table
-- name: Count errors by API
-- name.ko: API별 오류 수
-- about: Counts failed calls by service and API, with the share of calls that failed.
-- about.ko: 서비스와 API별로 실패한 호출 수와 실패율을 보여 준다.
-- words: error count api operation action failure rate
-- words.ko: 오류 에러 작업 실패율 개수
SELECT eventSource, eventName, count(errorCode) AS eventCount, round(100.0 * count(errorCode) / count(*), 1) AS percent
FROM $EDS_ID
WHERE $TIMES
GROUP BY eventSource, eventName
HAVING count(errorCode) > 0
ORDER BY eventCount DESC, eventSource, eventName
LIMIT 100

-- id: top-errors-by-user
-- view: Table
-- name: Find users with the most errors
-- name.ko: 오류가 가장 많은 사용자 찾기
-- about: Counts failed calls by user and error code.
-- about.ko: 실패한 호출을 사용자와 오류 코드별로 센다.
-- words: error user users who failing failure
-- words.ko: 오류 에러 사용자 누가 실패
SELECT userIdentity.arn AS userArn, errorCode, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND errorCode IS NOT NULL AND userIdentity.arn IS NOT NULL
GROUP BY 1, 2
ORDER BY eventCount DESC, userArn, errorCode
LIMIT 100

-- id: top-denied
-- view: Table
-- name: Find the most frequent access-denied events
-- name.ko: 가장 잦은 액세스 거부 이벤트 찾기
-- about: Counts calls that were refused for missing permissions, by service and API.
-- about.ko: 권한이 없어 거부된 호출을 서비스와 API별로 센다.
-- words: access denied unauthorized forbidden permission permissions problems missing refused authorization
-- words.ko: 액세스 접근 시도 거부 권한 없음 없는 부족 차단 인가
SELECT eventSource, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $DENIED
GROUP BY eventSource, eventName
ORDER BY eventCount DESC, eventSource, eventName
LIMIT 100

-- id: denied-users
-- view: Table
-- name: Find users who were denied access most
-- name.ko: 액세스가 가장 많이 거부된 사용자 찾기
-- about: Counts calls that were refused for missing permissions, by user.
-- about.ko: 권한이 없어 거부된 호출을 사용자별로 센다.
-- words: access denied unauthorized user who permission probing enumeration
-- words.ko: 액세스 접근 거부 사용자 권한 누가 탐색
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $DENIED AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: top-throttled
-- view: Table
-- name: Find the most throttled APIs
-- name.ko: 가장 많이 제한된 API 찾기
-- about: Counts calls that were throttled, by service and API.
-- about.ko: 요청 한도로 제한된 호출을 서비스와 API별로 센다.
-- words: throttle throttled throttling rate limit exceeded slow down quota
-- words.ko: 스로틀 스로틀링 제한 한도 초과 속도
SELECT eventSource, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $THROTTLED
GROUP BY eventSource, eventName
ORDER BY eventCount DESC, eventSource, eventName
LIMIT 100

-- id: throttled-users
-- view: Table
-- name: Find users whose calls are throttled
-- name.ko: 호출이 제한된 사용자 찾기
-- about: Counts throttled calls by user and service.
-- about.ko: 제한된 호출을 사용자와 서비스별로 센다.
-- words: throttled throttling user rate limit who
-- words.ko: 스로틀링 제한 사용자 한도 누가
SELECT userIdentity.arn AS userArn, eventSource, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $THROTTLED AND userIdentity.arn IS NOT NULL
GROUP BY 1, 2
ORDER BY eventCount DESC, userArn, eventSource
LIMIT 100

-- id: denied-trend
-- view: LineChart eventDate eventCount
-- name: Chart access-denied events over time
-- name.ko: 액세스 거부 추이
-- about: Counts refused calls for each period; a sudden rise can be somebody who tries doors.
-- about.ko: 기간마다 거부된 호출을 센다. 갑자기 늘면 누군가 이곳저곳을 두드리는 것일 수 있다.
-- words: access denied trend spike timeline unauthorized increase
-- words.ko: 액세스 거부 추이 급증 권한 시간
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $DENIED
GROUP BY 1
ORDER BY 1

-- id: recent-denied
-- view: Table
-- name: List recent access-denied calls in detail
-- name.ko: 최근 거부된 호출 자세히 보기
-- about: Lists refused calls with caller, address and message.
-- about.ko: 거부된 호출을 호출자, 주소, 메시지와 함께 나열한다.
-- words: access denied recent detail message troubleshooting permission debug
-- words.ko: 액세스 거부 최근 상세 메시지 문제해결 권한
SELECT eventTime, userIdentity.arn AS userArn, eventSource, eventName, sourceIPAddress, errorMessage
FROM $EDS_ID
WHERE $TIMES AND $DENIED
ORDER BY eventTime DESC
LIMIT 100

-- id: failing-roles
-- view: Table
-- name: Find roles that fail more than they succeed
-- name.ko: 성공보다 실패가 많은 역할 찾기
-- about: Compares failed and successful calls of each assumed role: a broken application or a missing permission.
-- about.ko: 수임한 역할마다 실패와 성공 호출을 견준다. 고장 난 애플리케이션이나 빠진 권한을 찾는다.
-- words: role broken failing application success ratio misconfigured
-- words.ko: 역할 고장 실패 비율 애플리케이션 설정오류
SELECT userIdentity.sessionContext.sessionIssuer.arn AS roleArn, count(errorCode) AS failed, count(*) - count(errorCode) AS succeeded
FROM $EDS_ID
WHERE $TIMES AND userIdentity.sessionContext.sessionIssuer.arn IS NOT NULL
GROUP BY 1
HAVING count(errorCode) > count(*) - count(errorCode)
ORDER BY failed DESC, roleArn
LIMIT 100
