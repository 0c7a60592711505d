-- Data events: S3, Lambda, DynamoDB, and S3's control plane.

-- id: data-trend
-- view: LineChart eventDate eventCount eventSource
-- name: Chart data events over time
-- name.ko: 데이터 이벤트 추이
-- about: Counts data events of each service for each period.
-- about.ko: 기간마다 서비스별 데이터 이벤트를 센다.
-- words: data events plane trend volume
-- words.ko: 데이터 이벤트 추이 호출량
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, eventSource, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventCategory = 'Data'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: data-services
-- view: PieChart service eventCount
-- name: Find services that make data events
-- name.ko: 데이터 이벤트를 만드는 서비스 찾기
-- about: Counts data events by service.
-- about.ko: 데이터 이벤트를 서비스별로 센다.
-- words: data events service plane top
-- words.ko: 데이터 이벤트 서비스 상위
SELECT replace(eventSource, '.amazonaws.com') AS service, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventCategory = 'Data'
GROUP BY 1
ORDER BY eventCount DESC, service
LIMIT 100

-- id: data-apis
-- view: BarChart eventName eventCount
-- name: Find the data plane APIs called most
-- name.ko: 가장 많이 호출된 데이터 플레인 API 찾기
-- about: Counts data events by API.
-- about.ko: 데이터 이벤트를 API별로 센다.
-- words: data events api plane operation top
-- words.ko: 데이터 이벤트 작업 상위
SELECT eventName, eventSource, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventCategory = 'Data'
GROUP BY eventName, eventSource
ORDER BY eventCount DESC, eventName, eventSource
LIMIT 100

-- id: data-regions
-- view: PieChart awsRegion eventCount
-- name: Find Regions that make data events
-- name.ko: 데이터 이벤트를 만드는 리전 찾기
-- about: Counts data events by Region.
-- about.ko: 데이터 이벤트를 리전별로 센다.
-- words: data events region plane
-- words.ko: 데이터 이벤트 리전 지역
SELECT awsRegion, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventCategory = 'Data'
GROUP BY awsRegion
ORDER BY eventCount DESC, awsRegion
LIMIT 100

-- id: data-throttled
-- view: Table
-- name: Find throttled data plane APIs
-- name.ko: 제한된 데이터 플레인 API 찾기
-- about: Counts throttled data events by service and API.
-- about.ko: 제한된 데이터 이벤트를 서비스와 API별로 센다.
-- words: data events throttled throttling plane limit
-- words.ko: 데이터 이벤트 스로틀링 제한 한도
SELECT eventSource, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventCategory = 'Data' AND $THROTTLED
GROUP BY eventSource, eventName
ORDER BY eventCount DESC, eventSource, eventName
LIMIT 100

-- id: data-users
-- view: Table
-- name: Find users of data plane APIs
-- name.ko: 데이터 플레인 API 사용자 찾기
-- about: Counts data events by user.
-- about.ko: 데이터 이벤트를 사용자별로 센다.
-- words: data events user plane who
-- words.ko: 데이터 이벤트 사용자 누가
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventCategory = 'Data' AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: s3-activity
-- view: LineChart eventDate eventCount readOnly
-- name: Chart S3 object activity
-- name.ko: S3 객체 활동 추이
-- about: Counts reads and writes of S3 objects for each period.
-- about.ko: 기간마다 S3 객체의 읽기와 쓰기를 센다.
-- words: s3 object activity trend account reads writes
-- words.ko: 객체 활동 추이 읽기 쓰기 버킷
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, IF(readOnly, 'read', 'write') AS readOnly, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 's3.amazonaws.com' AND eventCategory = 'Data'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: s3-objects
-- view: Table
-- name: Find the most accessed S3 objects
-- name.ko: 가장 많이 접근된 S3 객체 찾기
-- about: Counts S3 data events by bucket and key.
-- about.ko: S3 데이터 이벤트를 버킷과 키별로 센다.
-- words: s3 object objects key bucket accessed popular hot
-- words.ko: 객체 키 버킷 접근 인기
SELECT element_at(requestParameters, 'bucketName') AS bucket, element_at(requestParameters, 'key') AS objectKey, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 's3.amazonaws.com' AND eventCategory = 'Data' AND element_at(requestParameters, 'key') IS NOT NULL
GROUP BY 1, 2
ORDER BY eventCount DESC, bucket, objectKey
LIMIT 100

-- id: s3-users
-- view: Table
-- name: Find the top users of S3
-- name.ko: S3를 가장 많이 쓴 사용자 찾기
-- about: Counts S3 data events by user.
-- about.ko: S3 데이터 이벤트를 사용자별로 센다.
-- words: s3 user top who bucket
-- words.ko: 사용자 상위 누가 버킷
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 's3.amazonaws.com' AND eventCategory = 'Data' AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: s3-actions
-- view: PieChart eventName eventCount
-- name: Find the top S3 actions
-- name.ko: 가장 많은 S3 작업 찾기
-- about: Counts S3 data events by API.
-- about.ko: S3 데이터 이벤트를 API별로 센다.
-- words: s3 action api operation top
-- words.ko: 작업 상위 버킷
SELECT eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 's3.amazonaws.com' AND eventCategory = 'Data'
GROUP BY eventName
ORDER BY eventCount DESC, eventName
LIMIT 100

-- id: s3-deletions
-- view: Table
-- name: Find who deleted S3 objects
-- name.ko: S3 객체를 지운 사람 찾기
-- about: Lists successful DeleteObject and DeleteObjects calls with bucket and key.
-- about.ko: 성공한 DeleteObject, DeleteObjects 호출을 버킷, 키와 함께 나열한다.
-- words: s3 delete deleted object objects who removed lost file deleteobject
-- words.ko: 객체 삭제 지운 누가 사라진 파일 버킷
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'bucketName') AS bucket, element_at(requestParameters, 'key') AS objectKey
FROM $EDS_ID
WHERE $TIMES AND eventSource = 's3.amazonaws.com' AND eventName IN ('DeleteObject', 'DeleteObjects') AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: s3-bytes-out
-- view: Table
-- name: Find who downloads the most from S3
-- name.ko: S3에서 가장 많이 내려받은 사용자 찾기
-- about: Sums the bytes of GetObject answers by user and bucket.
-- about.ko: GetObject 응답의 바이트를 사용자와 버킷별로 더한다.
-- words: s3 bytes download volume data exfiltration transfer traffic getobject cost
-- words.ko: 다운로드 바이트 전송량 유출 내려받은 트래픽 비용
SELECT userIdentity.arn AS userArn, element_at(requestParameters, 'bucketName') AS bucket,
  CAST(sum(CAST(element_at(additionalEventData, 'bytesTransferredOut') AS double)) AS bigint) AS bytes, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 's3.amazonaws.com' AND eventName = 'GetObject' AND errorCode IS NULL
GROUP BY 1, 2
ORDER BY bytes DESC, userArn, bucket
LIMIT 100

-- id: s3-anonymous
-- view: Table
-- name: Find anonymous access to S3
-- name.ko: 익명 S3 접근 찾기
-- about: Counts S3 calls of callers without an account, by bucket and address.
-- about.ko: 계정이 없는 호출자의 S3 호출을 버킷과 주소별로 센다.
-- words: s3 anonymous public unauthenticated access bucket open
-- words.ko: 익명 공개 미인증 접근 버킷
SELECT element_at(requestParameters, 'bucketName') AS bucket, sourceIPAddress, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 's3.amazonaws.com' AND (userIdentity.accountId = 'anonymous' OR userIdentity.principalId = 'anonymous')
GROUP BY 1, 2
ORDER BY eventCount DESC, bucket, sourceIPAddress
LIMIT 100

-- id: s3-access-changes
-- view: Table
-- name: List recent S3 bucket access changes
-- name.ko: 최근 S3 버킷 액세스 변경 나열
-- about: Lists changes of bucket policies, ACLs and public access blocks.
-- about.ko: 버킷 정책, ACL, 퍼블릭 액세스 차단의 변경을 나열한다.
-- words: s3 bucket policy acl public access block change exposed
-- words.ko: 버킷 정책 공개 차단 변경 액세스 노출
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'bucketName') AS bucket
FROM $EDS_ID
WHERE $TIMES AND eventSource = 's3.amazonaws.com' AND errorCode IS NULL
  AND regexp_like(eventName, '^(Put|Delete)(Bucket(Policy|Acl|PublicAccessBlock)|PublicAccessBlock|AccountPublicAccessBlock)$')
ORDER BY eventTime DESC
LIMIT 100

-- id: s3-buckets-made
-- view: Table
-- name: List S3 buckets that were created or deleted
-- name.ko: 생성되거나 삭제된 S3 버킷 나열
-- about: Lists successful CreateBucket and DeleteBucket calls.
-- about.ko: 성공한 CreateBucket, DeleteBucket 호출을 나열한다.
-- words: s3 bucket buckets created deleted createbucket deletebucket new
-- words.ko: 버킷 생성 삭제 신규
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'bucketName') AS bucket, awsRegion
FROM $EDS_ID
WHERE $TIMES AND eventName IN ('CreateBucket', 'DeleteBucket') AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: lambda-activity
-- view: LineChart eventDate eventCount eventName
-- name: Chart Lambda data plane activity
-- name.ko: Lambda 데이터 플레인 활동 추이
-- about: Counts Lambda data events by API for each period.
-- about.ko: 기간마다 Lambda 데이터 이벤트를 API별로 센다.
-- words: lambda data plane activity invoke trend
-- words.ko: 람다 활동 추이 호출
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'lambda.amazonaws.com' AND eventCategory = 'Data'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: lambda-outcome-trend
-- view: LineChart eventDate eventCount outcome
-- name: Chart Lambda invocation successes and failures
-- name.ko: Lambda 호출 성공·실패 추이
-- about: Counts Lambda invocations for each period by whether they succeeded.
-- about.ko: 기간마다 Lambda 함수 호출의 성공과 실패를 센다.
-- words: lambda invocation invoke success failure trend
-- words.ko: 람다 함수 호출 성공 실패 추이
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, IF(errorCode IS NULL, 'success', 'failure') AS outcome, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'lambda.amazonaws.com' AND eventCategory = 'Data'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: lambda-users
-- view: Table
-- name: Find who invokes Lambda functions
-- name.ko: Lambda 함수를 호출한 주체 찾기
-- about: Counts Lambda invocations by caller.
-- about.ko: Lambda 함수 호출을 호출자별로 센다.
-- words: lambda invocation invoke user caller who
-- words.ko: 람다 함수 호출자 사용자 누가
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'lambda.amazonaws.com' AND eventCategory = 'Data' AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: lambda-functions
-- view: BarChart functionName eventCount
-- name: Find the most invoked Lambda functions
-- name.ko: 가장 많이 호출된 Lambda 함수 찾기
-- about: Counts invocations by function.
-- about.ko: 함수별 호출 수를 센다.
-- words: lambda function functions invoked invocation top
-- words.ko: 람다 함수 호출 상위
SELECT element_at(requestParameters, 'functionName') AS functionName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'lambda.amazonaws.com' AND eventCategory = 'Data'
GROUP BY 1
ORDER BY eventCount DESC, functionName
LIMIT 100

-- id: lambda-errors
-- view: Table
-- name: Find Lambda invoke errors
-- name.ko: Lambda 호출 오류 찾기
-- about: Counts failed Lambda invocations by error code; the ten most frequent.
-- about.ko: 실패한 Lambda 호출을 오류 코드별로 세어 가장 잦은 열 가지를 보여 준다.
-- words: lambda invoke error failure failed code
-- words.ko: 람다 호출 오류 에러 실패
SELECT errorCode, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'lambda.amazonaws.com' AND eventCategory = 'Data' AND errorCode IS NOT NULL
GROUP BY errorCode
ORDER BY eventCount DESC, errorCode
LIMIT 10

-- id: lambda-throttled
-- view: Table
-- name: Find users whose Lambda invocations are throttled
-- name.ko: Lambda 호출이 제한된 사용자 찾기
-- about: Counts throttled Lambda invocations by caller.
-- about.ko: 제한된 Lambda 호출을 호출자별로 센다.
-- words: lambda throttled throttling concurrency user invocation limit
-- words.ko: 람다 스로틀링 제한 동시성 사용자
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'lambda.amazonaws.com' AND eventCategory = 'Data' AND $THROTTLED AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: dynamodb-activity
-- view: LineChart eventDate eventCount readOnly
-- name: Chart DynamoDB data activity
-- name.ko: DynamoDB 데이터 활동 추이
-- about: Counts reads and writes of DynamoDB items for each period.
-- about.ko: 기간마다 DynamoDB 항목의 읽기와 쓰기를 센다.
-- words: dynamodb data activity account trend items reads writes
-- words.ko: 다이나모 데이터 활동 추이 항목 읽기 쓰기
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, IF(readOnly, 'read', 'write') AS readOnly, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'dynamodb.amazonaws.com' AND eventCategory = 'Data'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: dynamodb-outcome-trend
-- view: LineChart eventDate eventCount outcome
-- name: Chart DynamoDB successes and failures
-- name.ko: DynamoDB 성공·실패 추이
-- about: Counts DynamoDB data plane calls for each period by whether they succeeded.
-- about.ko: 기간마다 DynamoDB 데이터 플레인 호출의 성공과 실패를 센다.
-- words: dynamodb success failure trend outcome
-- words.ko: 다이나모 성공 실패 추이
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, IF(errorCode IS NULL, 'success', 'failure') AS outcome, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'dynamodb.amazonaws.com' AND eventCategory = 'Data'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: dynamodb-apis
-- view: BarChart eventName eventCount
-- name: Find the DynamoDB APIs called most
-- name.ko: 가장 많이 호출된 DynamoDB API 찾기
-- about: Counts DynamoDB data events by API; the ten most frequent.
-- about.ko: DynamoDB 데이터 이벤트를 API별로 세어 가장 잦은 열 가지를 보여 준다.
-- words: dynamodb api operation top plane
-- words.ko: 다이나모 작업 상위
SELECT eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'dynamodb.amazonaws.com' AND eventCategory = 'Data'
GROUP BY eventName
ORDER BY eventCount DESC, eventName
LIMIT 10

-- id: dynamodb-users
-- view: Table
-- name: Find the top users of DynamoDB
-- name.ko: DynamoDB를 가장 많이 쓴 사용자 찾기
-- about: Counts DynamoDB data events by user.
-- about.ko: DynamoDB 데이터 이벤트를 사용자별로 센다.
-- words: dynamodb user top who
-- words.ko: 다이나모 사용자 상위 누가
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'dynamodb.amazonaws.com' AND eventCategory = 'Data' AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: dynamodb-errors
-- view: Table
-- name: Find DynamoDB errors
-- name.ko: DynamoDB 오류 찾기
-- about: Counts failed DynamoDB calls by error code; the ten most frequent.
-- about.ko: 실패한 DynamoDB 호출을 오류 코드별로 세어 가장 잦은 열 가지를 보여 준다.
-- words: dynamodb error failure code conditional
-- words.ko: 다이나모 오류 에러 실패
SELECT errorCode, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'dynamodb.amazonaws.com' AND eventCategory = 'Data' AND errorCode IS NOT NULL
GROUP BY errorCode
ORDER BY eventCount DESC, errorCode
LIMIT 10

-- id: dynamodb-throttled-users
-- view: Table
-- name: Find users whose DynamoDB calls are throttled
-- name.ko: DynamoDB 호출이 제한된 사용자 찾기
-- about: Counts throttled DynamoDB calls by user.
-- about.ko: 제한된 DynamoDB 호출을 사용자별로 센다.
-- words: dynamodb throttled throttling user capacity
-- words.ko: 다이나모 스로틀링 제한 사용자 용량
SELECT userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'dynamodb.amazonaws.com' AND eventCategory = 'Data' AND $THROTTLED AND userIdentity.arn IS NOT NULL
GROUP BY 1
ORDER BY eventCount DESC, userArn
LIMIT 100

-- id: dynamodb-throttled-apis
-- view: Table
-- name: Find throttled DynamoDB APIs
-- name.ko: 제한된 DynamoDB API 찾기
-- about: Counts throttled DynamoDB calls by API.
-- about.ko: 제한된 DynamoDB 호출을 API별로 센다.
-- words: dynamodb throttled throttling api capacity
-- words.ko: 다이나모 스로틀링 제한 용량
SELECT eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'dynamodb.amazonaws.com' AND eventCategory = 'Data' AND $THROTTLED
GROUP BY eventName
ORDER BY eventCount DESC, eventName
LIMIT 100

-- id: dynamodb-throttled-tables
-- view: Table
-- name: Find throttled DynamoDB tables
-- name.ko: 제한된 DynamoDB 테이블 찾기
-- about: Counts throttled DynamoDB calls by table.
-- about.ko: 제한된 DynamoDB 호출을 테이블별로 센다.
-- words: dynamodb table throttled throttling hot capacity provisioned
-- words.ko: 다이나모 테이블 스로틀링 제한 용량 프로비저닝
SELECT element_at(requestParameters, 'tableName') AS tableName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'dynamodb.amazonaws.com' AND eventCategory = 'Data' AND $THROTTLED
GROUP BY 1
ORDER BY eventCount DESC, tableName
LIMIT 100
