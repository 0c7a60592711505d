-- What is made, changed and removed.

-- id: creation-deletion-trend
-- view: LineChart eventDate eventCount kind
-- name: Chart resource creation and deletion
-- name.ko: 리소스 생성·삭제 추이
-- about: Counts successful Create and Run calls, and Delete and Terminate calls, for each period.
-- about.ko: 기간마다 성공한 Create·Run 호출과 Delete·Terminate 호출을 센다.
-- words: resource creation deletion trend create delete timeline
-- words.ko: 리소스 생성 삭제 추이 자원
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, IF($CREATES, 'created', 'deleted') AS kind, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND ($CREATES OR $DELETES)
GROUP BY 1, 2
ORDER BY 1, 2

-- id: top-creators
-- view: Table
-- name: Find users who create the most resources
-- name.ko: 리소스를 가장 많이 만든 사용자 찾기
-- about: Counts successful creating calls by user.
-- about.ko: 성공한 생성 호출을 사용자별로 센다.
-- words: resource creation user who created create
-- words.ko: 리소스 생성 사용자 누가 만든
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $CREATES AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: creation-apis
-- view: BarChart eventName eventCount
-- name: Find the APIs used to create resources
-- name.ko: 리소스 생성에 쓰인 API 찾기
-- about: Counts successful creating calls by service and API.
-- about.ko: 성공한 생성 호출을 서비스와 API별로 센다.
-- words: resource creation api create
-- words.ko: 리소스 생성 자원
SELECT eventName, eventSource, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $CREATES
GROUP BY eventName, eventSource
ORDER BY eventCount DESC, eventName, eventSource
LIMIT 100

-- id: deletion-apis
-- view: BarChart eventName eventCount
-- name: Find the APIs used to delete resources
-- name.ko: 리소스 삭제에 쓰인 API 찾기
-- about: Counts successful deleting calls by service and API.
-- about.ko: 성공한 삭제 호출을 서비스와 API별로 센다.
-- words: resource deletion api delete terminate
-- words.ko: 리소스 삭제 자원 종료
SELECT eventName, eventSource, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND $DELETES
GROUP BY eventName, eventSource
ORDER BY eventCount DESC, eventName, eventSource
LIMIT 100

-- id: outside-cloudformation
-- view: Table
-- name: Find resources created outside CloudFormation
-- name.ko: CloudFormation 밖에서 만든 리소스 찾기
-- about: Lists successful creating calls that CloudFormation did not make.
-- about.ko: CloudFormation이 하지 않은 성공한 생성 호출을 나열한다.
-- words: cloudformation outside drift infrastructure as code manual created iac unmanaged
-- words.ko: 밖에서 코드형 인프라 수동 생성 관리되지
SELECT eventTime, userIdentity.arn AS userArn, eventSource, eventName, awsRegion
FROM $EDS_ID
WHERE $TIMES AND $CREATES AND (userIdentity.invokedBy IS NULL OR userIdentity.invokedBy <> 'cloudformation.amazonaws.com')
ORDER BY eventTime DESC
LIMIT 100

-- id: cloudformation-stacks
-- view: Table
-- name: See CloudFormation stack operations
-- name.ko: CloudFormation 스택 작업 보기
-- about: Lists stacks that were created, updated or deleted.
-- about.ko: 만들거나 고치거나 지운 스택을 나열한다.
-- words: cloudformation stack stacks create update delete deployment
-- words.ko: 스택 생성 갱신 삭제 배포
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'stackName') AS stackName, errorCode
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'cloudformation.amazonaws.com' AND eventName IN ('CreateStack', 'UpdateStack', 'DeleteStack', 'ExecuteChangeSet')
ORDER BY eventTime DESC
LIMIT 100

-- id: resource-history
-- view: Table
-- name: See what happened to each resource
-- name.ko: 리소스마다 일어난 일 보기
-- about: Lists changing calls with the ARNs of the resources that they name. Add a condition on r.arn for one resource.
-- about.ko: 변경 호출을 그 대상 리소스의 ARN과 함께 나열한다. 하나만 보려면 r.arn 조건을 더한다.
-- words: resource history arn timeline what happened changes
-- words.ko: 리소스 이력 변경 자원 무슨 일
SELECT eventTime, r.arn AS resourceArn, eventName, userIdentity.arn AS userArn
FROM $EDS_ID
CROSS JOIN UNNEST(resources) AS r (accountId, type, arn, arnPrefix)
WHERE $TIMES AND readOnly = false AND r.arn IS NOT NULL
ORDER BY eventTime DESC, resourceArn
LIMIT 100

-- id: lambda-code-changes
-- view: Table
-- name: List changes of Lambda functions
-- name.ko: Lambda 함수 변경 나열
-- about: Lists new code, new configuration and new permissions of Lambda functions.
-- about.ko: Lambda 함수의 새 코드, 설정, 권한을 나열한다.
-- words: lambda function code update configuration deployment permission changes
-- words.ko: 람다 함수 코드 변경 설정 배포 권한
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'functionName') AS functionName
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'lambda.amazonaws.com' AND readOnly = false AND regexp_like(eventName, '^(CreateFunction|UpdateFunction|AddPermission|DeleteFunction)')
ORDER BY eventTime DESC
LIMIT 100

-- id: tag-changes
-- view: Table
-- name: Find changes of resource tags
-- name.ko: 리소스 태그 변경 찾기
-- about: Counts calls that add or remove tags by user and service.
-- about.ko: 태그를 더하거나 지운 호출을 사용자와 서비스별로 센다.
-- words: tag tags tagging untag createtags allocation abac
-- words.ko: 태그 변경 추가 제거
SELECT userIdentity.arn AS userArn, eventSource, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND regexp_like(eventName, '^(CreateTags|DeleteTags|TagResource|UntagResource|AddTags|RemoveTags)$') AND errorCode IS NULL
GROUP BY 1, 2, 3
ORDER BY eventCount DESC, userArn, eventSource, eventName
LIMIT 100
