-- What happens: how much, where, by whom.

-- id: account-activity
-- view: LineChart eventDate eventCount readOnly
-- name: Chart read and write activity over time
-- name.ko: 시간대별 읽기·쓰기 활동 추이
-- about: Counts read-only and changing calls for each period, to see how busy the account is and when.
-- about.ko: 기간마다 읽기 호출과 변경 호출을 세어 계정이 언제 얼마나 바쁜지 보여 준다.
-- words: account activity trend timeline overview daily volume reads writes
-- words.ko: 계정 활동 추이 개요 일별 읽기 쓰기 호출량
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, IF(readOnly, 'read', 'write') AS readOnly, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES
GROUP BY 1, 2
ORDER BY 1, 2

-- id: active-regions
-- view: PieChart awsRegion eventCount
-- name: Find the most active Regions
-- name.ko: 가장 활발한 리전 찾기
-- about: Counts calls by AWS Region; a Region that nobody should use stands out.
-- about.ko: 리전별 호출 수를 세어 쓰지 않아야 할 리전이 쓰이는지 드러낸다.
-- words: region regions location geography where active
-- words.ko: 리전 지역 위치 활발한
SELECT awsRegion, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES
GROUP BY awsRegion
ORDER BY eventCount DESC, awsRegion
LIMIT 100

-- id: top-services
-- view: BarChart service eventCount
-- name: Find the most used services
-- name.ko: 가장 많이 쓰인 서비스 찾기
-- about: Counts calls by AWS service.
-- about.ko: AWS 서비스별 호출 수를 센다.
-- words: service services source usage popular busiest
-- words.ko: 서비스 사용량 인기 이용
SELECT replace(eventSource, '.amazonaws.com') AS service, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES
GROUP BY 1
ORDER BY eventCount DESC, service
LIMIT 100

-- id: top-users
-- view: Table
-- name: Find the most active users
-- name.ko: 가장 활발한 사용자 찾기
-- about: Counts calls by the ARN of their caller.
-- about.ko: 호출자의 ARN별로 호출 수를 센다.
-- words: user users caller principal identity who busiest active people
-- words.ko: 사용자 호출자 주체 누가 활발한
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: user-activity-trend
-- view: LineChart eventDate eventCount userArn
-- name: Chart activity by user over time
-- name.ko: 사용자별 활동 추이
-- about: Counts calls of each user for each period.
-- about.ko: 기간마다 사용자별 호출 수를 센다.
-- words: user activity trend timeline principal
-- words.ko: 사용자 활동 추이 시간
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND userIdentity.arn IS NOT NULL
GROUP BY 1, 2
ORDER BY 1, 2

-- id: api-activity-trend
-- view: LineChart eventDate eventCount eventName
-- name: Chart activity by API over time
-- name.ko: API별 활동 추이
-- about: Counts calls of each API for each period.
-- about.ko: 기간마다 API별 호출 수를 센다.
-- words: api action operation trend timeline call rate
-- words.ko: 작업 추이 호출 비율 시간
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES
GROUP BY 1, 2
ORDER BY 1, 2

-- id: recent-user-activity
-- view: Table
-- name: Investigate user actions
-- name.ko: 사용자 행위 조사
-- about: Lists the most recent changing calls of users: who, what, from where, and whether it failed. Add a condition on userIdentity.arn to follow one user.
-- about.ko: 사용자가 최근에 한 변경 호출을 누가, 무엇을, 어디서, 실패했는지와 함께 나열한다. 한 사람만 보려면 userIdentity.arn 조건을 더한다.
-- words: user actions activity investigation audit history latest recent what did do someone
-- words.ko: 사용자 행위 행동 조사 감사 이력 최근 무엇을 했는지
SELECT eventTime, userIdentity.arn AS userArn, eventSource, eventName, awsRegion, sourceIPAddress, errorCode
FROM $EDS_ID
WHERE $TIMES AND readOnly = false AND userIdentity.arn IS NOT NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: console-changes
-- view: Table
-- name: Investigate who made console changes
-- name.ko: 콘솔에서 변경한 사람 조사
-- about: Lists changing calls that were made in the AWS Management Console.
-- about.ko: AWS 관리 콘솔에서 이루어진 변경 호출을 나열한다.
-- words: console manual change click clickops management resource
-- words.ko: 콘솔 수동 변경 관리 리소스 손으로
SELECT eventTime, userIdentity.arn AS userArn, eventSource, eventName, awsRegion
FROM $EDS_ID
WHERE $TIMES AND readOnly = false AND sessionCredentialFromConsole = 'true'
ORDER BY eventTime DESC
LIMIT 100

-- id: user-agents
-- view: PieChart client eventCount
-- name: See which clients and SDKs make calls
-- name.ko: 호출에 쓰인 클라이언트와 SDK 보기
-- about: Counts calls by the first word of the user agent, such as aws-cli or Boto3.
-- about.ko: aws-cli, Boto3처럼 사용자 에이전트의 첫 낱말별로 호출을 센다.
-- words: user agent client sdk cli boto3 terraform tool software version
-- words.ko: 에이전트 클라이언트 도구 버전 소프트웨어
SELECT split_part(userAgent, '/', 1) AS client, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND userAgent IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, client
LIMIT 100

-- id: source-addresses
-- view: Table
-- name: List source IP addresses and their users
-- name.ko: 출발지 IP 주소와 그 사용자 나열
-- about: Counts calls and distinct users for each source IP address, AWS services left out.
-- about.ko: AWS 서비스를 뺀 출발지 IP 주소마다 호출 수와 서로 다른 사용자 수를 센다.
-- words: ip address addresses source network origin location
-- words.ko: 주소 아이피 출발지 접속 위치
SELECT sourceIPAddress, count(*) AS eventCount, count(DISTINCT userIdentity.arn) AS users
FROM $EDS_ID
WHERE $TIMES AND sourceIPAddress NOT LIKE '%.amazonaws.com'
GROUP BY sourceIPAddress
ORDER BY eventCount DESC, sourceIPAddress
LIMIT 100

-- id: off-hours-changes
-- view: Table
-- name: Find changes outside business hours
-- name.ko: 업무 시간 외의 변경 찾기
-- about: Lists changing calls at night (before 06:00 or from 20:00 on, UTC) or on a weekend.
-- about.ko: 밤(UTC 06시 이전, 20시 이후)이나 주말에 이루어진 변경 호출을 나열한다.
-- words: off hours night weekend unusual time after work suspicious
-- words.ko: 야간 주말 업무시간 퇴근 이후 수상한 시각
SELECT eventTime, userIdentity.arn AS userArn, eventSource, eventName
FROM $EDS_ID
WHERE $TIMES AND readOnly = false AND userIdentity.arn IS NOT NULL
  AND (hour(eventTime) < 6 OR hour(eventTime) >= 20 OR day_of_week(eventTime) >= 6)
ORDER BY eventTime DESC
LIMIT 100

-- id: first-seen-apis
-- view: Table
-- name: Find APIs that a user called only once
-- name.ko: 사용자가 한 번만 호출한 API 찾기
-- about: Lists user and API pairs with a single call in the range: rare behaviour worth a look.
-- about.ko: 기간 안에 단 한 번 호출된 사용자와 API 쌍을 나열한다. 드문 행동은 살펴볼 만하다.
-- words: rare unusual once anomaly new behaviour first seen single
-- words.ko: 드문 이상 처음 한번 새로운 행동 이례적
SELECT userIdentity.arn AS userArn, eventSource, eventName, min(eventTime) AS eventTime
FROM $EDS_ID
WHERE $TIMES AND userIdentity.arn IS NOT NULL
GROUP BY 1, 2, 3
HAVING count(*) = 1
ORDER BY 4 DESC
LIMIT 100

-- id: activity-by-category
-- view: PieChart eventCategory eventCount
-- name: Count events by category
-- name.ko: 이벤트 범주별 개수
-- about: Counts management, data and network activity events, and their bytes as JSON, which ingestion is sized by.
-- about.ko: 관리, 데이터, 네트워크 활동 이벤트의 수와 수집량을 가늠할 JSON 바이트 수를 센다.
-- words: category volume cost size bytes ingestion billing kind storage
-- words.ko: 범주 비용 용량 크기 수집량 요금 종류 저장
SELECT eventCategory, count(*) AS eventCount, sum(length(eventJson)) AS jsonCharacters
FROM $EDS_ID
WHERE $TIMES
GROUP BY eventCategory
ORDER BY eventCount DESC, eventCategory

-- id: noisiest-apis
-- view: BarChart eventName eventCount
-- name: Find the APIs that make the most events
-- name.ko: 이벤트를 가장 많이 만드는 API 찾기
-- about: Counts events by API with their share of all, to find what to leave out of logging and save cost.
-- about.ko: API별 이벤트 수와 전체 비중을 보여 주어, 기록에서 빼고 비용을 줄일 대상을 찾는다.
-- words: noise cost costs service volume reduce savings exclude share percent top api
-- words.ko: 비용 절감 소음 비중 제외 호출량 상위
SELECT eventSource, eventName, count(*) AS eventCount, round(100.0 * count(*) / sum(count(*)) OVER (), 1) AS percent
FROM $EDS_ID
WHERE $TIMES
GROUP BY eventSource, eventName
ORDER BY eventCount DESC, eventSource, eventName
LIMIT 100

-- id: service-calls
-- view: Table
-- name: See calls that AWS services made on your behalf
-- name.ko: AWS 서비스가 대신 한 호출 보기
-- about: Counts calls whose identity was invoked by an AWS service.
-- about.ko: AWS 서비스가 계정을 대신해 호출한 것을 센다.
-- words: aws service invoked by behalf automation linked
-- words.ko: 서비스 대신 자동화 연결 역할
SELECT userIdentity.invokedBy AS invokedBy, eventSource, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND userIdentity.invokedBy IS NOT NULL
GROUP BY 1, 2, 3
ORDER BY eventCount DESC, invokedBy, eventSource, eventName
LIMIT 100

-- id: tls-versions
-- view: PieChart tlsVersion eventCount
-- name: Count calls by TLS version
-- name.ko: TLS 버전별 호출 수
-- about: Counts calls by the version of TLS that they used.
-- about.ko: 호출에 쓰인 TLS 버전별로 센다.
-- words: tls ssl version encryption transport protocol cipher
-- words.ko: 버전 암호화 전송 프로토콜
SELECT tlsDetails.tlsVersion AS tlsVersion, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND tlsDetails.tlsVersion IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, tlsVersion

-- id: outdated-tls-users
-- view: Table
-- name: Find users with outdated TLS
-- name.ko: 오래된 TLS를 쓰는 사용자 찾기
-- about: Counts calls over TLS 1.0 and 1.1 by user, client and service.
-- about.ko: TLS 1.0과 1.1로 한 호출을 사용자, 클라이언트, 서비스별로 센다.
-- words: tls ssl old outdated deprecated insecure 1.0 1.1 upgrade
-- words.ko: 오래된 구버전 취약 암호화 업그레이드 사용자
SELECT userIdentity.arn AS userArn, userAgent, eventSource, tlsDetails.tlsVersion AS tlsVersion, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND tlsDetails.tlsVersion IN ('TLSv1', 'TLSv1.1')
GROUP BY 1, 2, 3, 4
ORDER BY eventCount DESC, userArn, userAgent, eventSource, tlsVersion
LIMIT 100
