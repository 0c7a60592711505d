-- Stores of other kinds: Insights, configuration items, events from outside AWS.

-- id: insight-types
-- of: Insight
-- view: PieChart insightType eventCount
-- name: Count Insights by type
-- name.ko: 유형별 인사이트 수
-- about: Counts Insights that began, by type.
-- about.ko: 시작된 인사이트를 유형별로 센다.
-- words: insights insight type anomaly unusual
-- words.ko: 인사이트 유형 이상 비정상
SELECT insightType, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND insightState = 'Start'
GROUP BY insightType
ORDER BY eventCount DESC, insightType

-- id: insights-by-date
-- of: Insight
-- view: LineChart eventDate eventCount insightType
-- name: Chart Insights over time
-- name.ko: 인사이트 추이
-- about: Counts Insights that began for each period, by type.
-- about.ko: 기간마다 시작된 인사이트를 유형별로 센다.
-- words: insights insight trend date anomaly
-- words.ko: 인사이트 추이 날짜 이상
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, insightType, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND insightState = 'Start'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: insights-call-rate
-- of: Insight
-- view: Table
-- name: Find unusual API call rates
-- name.ko: 비정상적인 API 호출률 찾기
-- about: Counts call rate Insights by service and API, with the highest average rate.
-- about.ko: 호출률 인사이트를 서비스와 API별로 세고 가장 높은 평균을 보여 준다.
-- words: insights call rate apicallrateinsight unusual spike
-- words.ko: 인사이트 호출률 비정상 급증
SELECT insightEventSource, insightEventName, count(*) AS eventCount, max(insightContext.insightAverage) AS highestAverage
FROM $EDS_ID
WHERE $TIMES AND insightState = 'Start' AND insightType = 'ApiCallRateInsight'
GROUP BY 1, 2
ORDER BY eventCount DESC, insightEventSource, insightEventName
LIMIT 100

-- id: insights-error-rate
-- of: Insight
-- view: Table
-- name: Find unusual API error rates
-- name.ko: 비정상적인 API 오류율 찾기
-- about: Counts error rate Insights by service, API and error code.
-- about.ko: 오류율 인사이트를 서비스, API, 오류 코드별로 센다.
-- words: insights error rate apierrorrateinsight unusual spike
-- words.ko: 인사이트 오류율 비정상 급증 에러
SELECT insightEventSource, insightEventName, insightErrorCode, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND insightState = 'Start' AND insightType = 'ApiErrorRateInsight'
GROUP BY 1, 2, 3
ORDER BY eventCount DESC, insightEventSource, insightEventName, insightErrorCode
LIMIT 100

-- id: insights-users
-- of: Insight
-- view: Table
-- name: Find users behind Insights
-- name.ko: 인사이트를 일으킨 사용자 찾기
-- about: Counts Insights by the callers that they are attributed to.
-- about.ko: 원인으로 지목된 호출자별로 인사이트를 센다.
-- words: insights users attribution who caused anomaly
-- words.ko: 인사이트 사용자 원인 누가 이상
SELECT i.value AS userArn, count(*) AS eventCount, max(i.average) AS highestAverage
FROM $EDS_ID
CROSS JOIN UNNEST(insightContext.attributions) AS a (attribute, insightValue, insightAverage, baselineValue, baselineAverage, insight, baseline)
CROSS JOIN UNNEST(a.insight) AS i (value, average)
WHERE $TIMES AND a.attribute = 'userIdentityArn'
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: insights-events
-- of: Insight
-- view: Table
-- name: List Insights
-- name.ko: 인사이트 나열
-- about: Lists Insights with their baseline and their unusual average.
-- about.ko: 인사이트를 기준 평균, 비정상 평균과 함께 나열한다.
-- words: insights insight events list recent baseline average
-- words.ko: 인사이트 목록 최근 기준 평균
SELECT eventTime, insightState, insightType, insightEventSource, insightEventName, insightContext.baselineAverage AS baselineAverage, insightContext.insightAverage AS insightAverage
FROM $EDS_ID
WHERE $TIMES
ORDER BY eventTime DESC
LIMIT 100

-- id: configuration-changes
-- of: ConfigurationItem
-- view: Table
-- name: Count configuration changes by resource type
-- name.ko: 리소스 유형별 구성 변경 수
-- about: Counts configuration items by resource type and status.
-- about.ko: 구성 항목을 리소스 유형과 상태별로 센다.
-- words: config configuration item items change resource type status
-- words.ko: 구성 항목 변경 리소스 유형 상태
SELECT eventData.resourceType AS resourceType, eventData.configurationItemStatus AS status, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES
GROUP BY 1, 2
ORDER BY eventCount DESC, resourceType, status
LIMIT 100

-- id: deleted-resources
-- of: ConfigurationItem
-- view: Table
-- name: List resources that AWS Config saw deleted
-- name.ko: AWS Config가 삭제를 본 리소스 나열
-- about: Lists configuration items of deleted resources.
-- about.ko: 삭제된 리소스의 구성 항목을 나열한다.
-- words: config configuration deleted resource resources inventory gone
-- words.ko: 구성 삭제 리소스 목록 사라진
SELECT eventTime, eventData.resourceType AS resourceType, eventData.resourceId AS resourceId, eventData.awsRegion AS awsRegion
FROM $EDS_ID
WHERE $TIMES AND eventData.configurationItemStatus LIKE 'ResourceDeleted%'
ORDER BY eventTime DESC
LIMIT 100

-- id: resources-without-owner
-- of: ConfigurationItem
-- view: Table
-- name: Find resources without an owner tag
-- name.ko: 소유자 태그가 없는 리소스 찾기
-- about: Lists the latest state of resources that have no tag named owner; write another name for yours.
-- about.ko: owner 태그가 없는 리소스의 최신 상태를 나열한다. 이름은 바꿔 쓰면 된다.
-- words: config untagged tag missing owner compliance resource without
-- words.ko: 구성 태그 없는 소유자 누락 준수 리소스
SELECT eventData.arn AS resourceArn, max_by(eventData.resourceType, eventTime) AS resourceType, max(eventTime) AS lastTime
FROM $EDS_ID
WHERE $TIMES AND eventData.arn IS NOT NULL
GROUP BY 1
HAVING max_by(element_at(eventData.tags, 'owner'), eventTime) IS NULL
ORDER BY resourceArn
LIMIT 100

-- id: resource-relationships
-- of: ConfigurationItem
-- view: Table
-- name: See how resources are related
-- name.ko: 리소스 사이의 관계 보기
-- about: Lists relationships between resources, such as an instance and its security groups.
-- about.ko: 인스턴스와 보안 그룹 같은 리소스 사이의 관계를 나열한다.
-- words: config configuration relationship relationships related dependency attached
-- words.ko: 구성 관계 연결 의존 리소스
SELECT DISTINCT eventData.resourceId AS resourceId, r.name AS relation, r.resourceType AS relatedType, r.resourceId AS relatedId
FROM $EDS_ID
CROSS JOIN UNNEST(eventData.relationships) AS r (name, resourceType, resourceId, resourceName)
WHERE $TIMES
ORDER BY 1, 2, 3, 4
LIMIT 100

-- id: partner-actions
-- of: ActivityAuditLog
-- view: Table
-- name: Count actions in applications outside AWS
-- name.ko: AWS 밖 애플리케이션의 행위 세기
-- about: Counts events that integrations put, by source, event and user.
-- about.ko: 통합으로 들어온 이벤트를 출처, 이벤트, 사용자별로 센다.
-- words: integration partner outside external application audit github okta saas activity
-- words.ko: 통합 파트너 외부 애플리케이션 감사 활동
SELECT eventData.eventSource AS source, eventData.eventName AS action, eventData.userIdentity.principalId AS principal, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES
GROUP BY 1, 2, 3
ORDER BY eventCount DESC, source, action, principal
LIMIT 100

-- id: partner-failures
-- of: ActivityAuditLog
-- view: Table
-- name: List failures in applications outside AWS
-- name.ko: AWS 밖 애플리케이션의 실패 나열
-- about: Lists events of integrations that carry an error code.
-- about.ko: 오류 코드가 있는 통합 이벤트를 나열한다.
-- words: integration partner external application error failure failed login audit
-- words.ko: 통합 외부 애플리케이션 오류 실패 감사
SELECT eventTime, eventData.eventSource AS source, eventData.eventName AS action, eventData.userIdentity.principalId AS principal, eventData.errorCode AS errorCode
FROM $EDS_ID
WHERE $TIMES AND eventData.errorCode IS NOT NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: partner-channels
-- of: ActivityAuditLog
-- view: PieChart channel eventCount
-- name: Count events by channel
-- name.ko: 채널별 이벤트 수
-- about: Counts events by the channel that brought them, with the time of the last one, to see which integration fell silent.
-- about.ko: 채널별 이벤트 수와 마지막 시각을 보여 주어 어떤 통합이 잠잠해졌는지 알린다.
-- words: channel channels integration silent last ingestion
-- words.ko: 채널 통합 침묵 마지막 수집
SELECT metadata.channelArn AS channel, count(*) AS eventCount, max(eventTime) AS lastTime
FROM $EDS_ID
WHERE $TIMES
GROUP BY 1
ORDER BY eventCount DESC, channel
LIMIT 100
