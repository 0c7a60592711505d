-- EC2, networks, images, databases, Lambda as a resource.

-- id: network-rule-changes
-- view: Table
-- name: List recent security group and network ACL changes
-- name.ko: 최근 보안 그룹과 네트워크 ACL 변경 나열
-- about: Lists changes of EC2 security groups and network ACLs.
-- about.ko: EC2 보안 그룹과 네트워크 ACL의 변경을 나열한다.
-- words: security group network acl firewall rule change ec2 ingress egress
-- words.ko: 보안 그룹 네트워크 방화벽 규칙 변경
SELECT eventTime, userIdentity.arn AS userArn, eventName, coalesce(element_at(requestParameters, 'groupId'), element_at(requestParameters, 'networkAclId')) AS target, errorCode
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ec2.amazonaws.com' AND readOnly = false AND (eventName LIKE '%SecurityGroup%' OR eventName LIKE '%NetworkAcl%')
ORDER BY eventTime DESC
LIMIT 100

-- id: public-ingress
-- view: Table
-- name: Find security groups that were opened to the world
-- name.ko: 전 세계에 열린 보안 그룹 찾기
-- about: Lists AuthorizeSecurityGroupIngress calls that allow 0.0.0.0/0 or ::/0.
-- about.ko: 0.0.0.0/0이나 ::/0을 허용한 AuthorizeSecurityGroupIngress 호출을 나열한다.
-- words: security group open public world internet 0.0.0.0/0 ingress exposed ssh rdp
-- words.ko: 보안 그룹 공개 전체 인터넷 허용 노출 열린
SELECT eventTime, userIdentity.arn AS userArn, element_at(requestParameters, 'groupId') AS groupId, element_at(requestParameters, 'ipPermissions') AS rules
FROM $EDS_ID
WHERE $TIMES AND eventName = 'AuthorizeSecurityGroupIngress' AND errorCode IS NULL
  AND (element_at(requestParameters, 'ipPermissions') LIKE '%"0.0.0.0/0"%' OR element_at(requestParameters, 'ipPermissions') LIKE '%"::/0"%')
ORDER BY eventTime DESC
LIMIT 100

-- id: ec2-instance-activity
-- view: LineChart eventDate eventCount eventName
-- name: Chart EC2 instance management activity
-- name.ko: EC2 인스턴스 관리 활동 추이
-- about: Counts calls that run, start, stop, reboot and terminate instances for each period.
-- about.ko: 기간마다 인스턴스를 만들고, 켜고, 끄고, 다시 켜고, 종료한 호출을 센다.
-- words: ec2 instance instances run start stop terminate reboot trend management
-- words.ko: 인스턴스 시작 중지 종료 재부팅 추이 관리
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, eventName, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ec2.amazonaws.com' AND eventName IN ('RunInstances', 'StartInstances', 'StopInstances', 'RebootInstances', 'TerminateInstances')
GROUP BY 1, 2
ORDER BY 1, 2

-- id: ec2-outcome-trend
-- view: LineChart eventDate eventCount outcome
-- name: Chart EC2 successes and failures
-- name.ko: EC2 성공·실패 추이
-- about: Counts EC2 calls for each period by whether they succeeded.
-- about.ko: 기간마다 EC2 호출의 성공과 실패를 센다.
-- words: ec2 success failure trend outcome
-- words.ko: 성공 실패 추이 결과
SELECT date_trunc('$PERIOD', eventTime) AS eventDate, IF(errorCode IS NULL, 'success', 'failure') AS outcome, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ec2.amazonaws.com'
GROUP BY 1, 2
ORDER BY 1, 2

-- id: ec2-errors
-- view: Table
-- name: Find EC2 errors
-- name.ko: EC2 오류 찾기
-- about: Counts failed EC2 calls by API and error code.
-- about.ko: 실패한 EC2 호출을 API와 오류 코드별로 센다.
-- words: ec2 error failure code capacity limit
-- words.ko: 오류 에러 실패 용량 한도
SELECT eventName, errorCode, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ec2.amazonaws.com' AND errorCode IS NOT NULL
GROUP BY eventName, errorCode
ORDER BY eventCount DESC, eventName, errorCode
LIMIT 100

-- id: ec2-denied
-- view: Table
-- name: Find EC2 calls that were denied
-- name.ko: 거부된 EC2 호출 찾기
-- about: Counts EC2 calls that were refused for missing permissions, by API and user.
-- about.ko: 권한이 없어 거부된 EC2 호출을 API와 사용자별로 센다.
-- words: ec2 access denied unauthorizedoperation permission
-- words.ko: 거부 권한 접근
SELECT eventName, userIdentity.arn AS userArn, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ec2.amazonaws.com' AND $DENIED
GROUP BY 1, 2
ORDER BY eventCount DESC, eventName, userArn
LIMIT 100

-- id: ec2-launchers
-- view: Table
-- name: Find who launches EC2 instances
-- name.ko: EC2 인스턴스를 띄운 사람 찾기
-- about: Counts successful RunInstances calls by user, Region and instance type.
-- about.ko: 성공한 RunInstances 호출을 사용자, 리전, 인스턴스 유형별로 센다.
-- words: ec2 launch run instances runinstances who mining type created
-- words.ko: 인스턴스 시작 생성 띄운 누가 채굴 유형
SELECT userIdentity.arn AS userArn, awsRegion, element_at(requestParameters, 'instanceType') AS instanceType, count(*) AS eventCount
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ec2.amazonaws.com' AND eventName = 'RunInstances' AND errorCode IS NULL
GROUP BY 1, 2, 3
ORDER BY eventCount DESC, userArn, awsRegion, instanceType
LIMIT 100

-- id: network-interface-changes
-- view: Table
-- name: List recent security group and network interface changes
-- name.ko: 최근 보안 그룹과 네트워크 인터페이스 변경 나열
-- about: Lists changes of EC2 security groups and network interfaces.
-- about.ko: EC2 보안 그룹과 네트워크 인터페이스의 변경을 나열한다.
-- words: network interface eni security group change attach ec2
-- words.ko: 네트워크 인터페이스 보안 그룹 변경 연결
SELECT eventTime, userIdentity.arn AS userArn, eventName, awsRegion, errorCode
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ec2.amazonaws.com' AND readOnly = false AND (eventName LIKE '%SecurityGroup%' OR eventName LIKE '%NetworkInterface%')
ORDER BY eventTime DESC
LIMIT 100

-- id: vpc-changes
-- view: Table
-- name: List recent VPC and route table changes
-- name.ko: 최근 VPC와 라우팅 테이블 변경 나열
-- about: Lists changes of VPCs, subnets, gateways and routes.
-- about.ko: VPC, 서브넷, 게이트웨이, 라우팅의 변경을 나열한다.
-- words: vpc route table subnet gateway internet peering network change
-- words.ko: 라우팅 테이블 서브넷 게이트웨이 네트워크 변경
SELECT eventTime, userIdentity.arn AS userArn, eventName, awsRegion, errorCode
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ec2.amazonaws.com' AND readOnly = false AND regexp_like(eventName, 'Vpc|Route|Subnet|Gateway')
ORDER BY eventTime DESC
LIMIT 100

-- id: ec2-root-actions
-- view: Table
-- name: List EC2 actions of the root user
-- name.ko: 루트 사용자의 EC2 작업 나열
-- about: Lists EC2 calls that the root user made.
-- about.ko: 루트 사용자가 한 EC2 호출을 나열한다.
-- words: ec2 root user actions
-- words.ko: 루트 사용자 작업
SELECT eventTime, eventName, awsRegion, sourceIPAddress, errorCode
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ec2.amazonaws.com' AND userIdentity.type = 'Root'
ORDER BY eventTime DESC
LIMIT 100

-- id: instance-stoppers
-- view: Table
-- name: Find who stopped or terminated an instance
-- name.ko: 인스턴스를 끄거나 종료한 사람 찾기
-- about: Lists each instance that was stopped or terminated, with the user. Add a condition on instanceId for one instance.
-- about.ko: 중지되거나 종료된 인스턴스를 사용자와 함께 나열한다. 한 대만 보려면 instanceId 조건을 더한다.
-- words: who stopped terminated instance shutdown ec2 outage
-- words.ko: 누가 인스턴스 중지 종료 꺼진 장애
SELECT eventTime, userIdentity.arn AS userArn, eventName, json_extract_scalar(item, '$.instanceId') AS instanceId
FROM $EDS_ID
CROSS JOIN UNNEST(CAST(json_extract(element_at(requestParameters, 'instancesSet'), '$.items') AS array(json))) AS t (item)
WHERE $TIMES AND eventName IN ('StopInstances', 'TerminateInstances') AND errorCode IS NULL
ORDER BY eventTime DESC, instanceId
LIMIT 100

-- id: shared-snapshots
-- view: Table
-- name: Find snapshots and images that were shared
-- name.ko: 공유된 스냅샷과 이미지 찾기
-- about: Lists EBS snapshots, machine images and RDS snapshots whose sharing was changed, with the accounts that were added.
-- about.ko: 공유 설정이 바뀐 EBS 스냅샷, 머신 이미지, RDS 스냅샷을 추가된 계정과 함께 나열한다.
-- words: snapshot snapshots share shared public image ami rds ebs exfiltration modifysnapshotattribute
-- words.ko: 스냅샷 공유 공개 이미지 유출 외부
SELECT eventTime, userIdentity.arn AS userArn, eventName,
  coalesce(element_at(requestParameters, 'snapshotId'), element_at(requestParameters, 'imageId'), element_at(requestParameters, 'dBSnapshotIdentifier')) AS shared,
  coalesce(element_at(requestParameters, 'createVolumePermission'), element_at(requestParameters, 'launchPermission'), element_at(requestParameters, 'valuesToAdd')) AS sharedWith
FROM $EDS_ID
WHERE $TIMES AND eventName IN ('ModifySnapshotAttribute', 'ModifyImageAttribute', 'ModifyDBSnapshotAttribute') AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: unencrypted-volumes
-- view: Table
-- name: Find volumes and snapshots made without encryption
-- name.ko: 암호화 없이 만든 볼륨과 스냅샷 찾기
-- about: Lists CreateVolume and CreateSnapshot calls whose answer says that the result is not encrypted.
-- about.ko: 결과가 암호화되지 않았다고 답한 CreateVolume, CreateSnapshot 호출을 나열한다.
-- words: unencrypted encryption volume snapshot ebs compliance
-- words.ko: 미암호화 암호화 볼륨 스냅샷 준수 평문
SELECT eventTime, userIdentity.arn AS userArn, eventName, coalesce(element_at(responseElements, 'volumeId'), element_at(responseElements, 'snapshotId')) AS made
FROM $EDS_ID
WHERE $TIMES AND eventName IN ('CreateVolume', 'CreateSnapshot') AND element_at(responseElements, 'encrypted') = 'false'
ORDER BY eventTime DESC
LIMIT 100

-- id: imds-v1-allowed
-- view: Table
-- name: Find instances that allow IMDSv1
-- name.ko: IMDSv1을 허용하는 인스턴스 찾기
-- about: Lists metadata option changes that make session tokens optional.
-- about.ko: 세션 토큰을 선택 사항으로 만든 메타데이터 옵션 변경을 나열한다.
-- words: imds imdsv1 metadata instance token optional ssrf compliance
-- words.ko: 메타데이터 인스턴스 토큰 선택 준수
SELECT eventTime, userIdentity.arn AS userArn, json_extract_scalar(element_at(requestParameters, 'ModifyInstanceMetadataOptionsRequest'), '$.InstanceId') AS instanceId
FROM $EDS_ID
WHERE $TIMES AND eventName = 'ModifyInstanceMetadataOptions' AND errorCode IS NULL
  AND json_extract_scalar(element_at(requestParameters, 'ModifyInstanceMetadataOptionsRequest'), '$.HttpTokens') = 'optional'
ORDER BY eventTime DESC
LIMIT 100

-- id: public-databases
-- view: Table
-- name: Find databases that were made public
-- name.ko: 공개로 만들어진 데이터베이스 찾기
-- about: Lists RDS instances that were created or changed to be publicly accessible.
-- about.ko: 외부에서 접근할 수 있게 만들거나 바꾼 RDS 인스턴스를 나열한다.
-- words: rds database public accessible exposed internet db
-- words.ko: 데이터베이스 공개 노출 외부 접근
SELECT eventTime, userIdentity.arn AS userArn, eventName, element_at(requestParameters, 'dBInstanceIdentifier') AS database
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'rds.amazonaws.com' AND eventName IN ('CreateDBInstance', 'ModifyDBInstance', 'RestoreDBInstanceFromDBSnapshot')
  AND element_at(requestParameters, 'publiclyAccessible') = 'true' AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100

-- id: session-manager
-- view: Table
-- name: See remote sessions and commands on instances
-- name.ko: 인스턴스 원격 세션과 명령 보기
-- about: Lists Systems Manager sessions and commands, with their targets.
-- about.ko: Systems Manager 세션과 명령을 대상과 함께 나열한다.
-- words: ssm systems manager session shell remote command run startsession sendcommand
-- words.ko: 원격 세션 셸 명령 실행 접속
SELECT eventTime, userIdentity.arn AS userArn, eventName, coalesce(element_at(requestParameters, 'target'), element_at(requestParameters, 'instanceIds')) AS target
FROM $EDS_ID
WHERE $TIMES AND eventSource = 'ssm.amazonaws.com' AND eventName IN ('StartSession', 'SendCommand') AND errorCode IS NULL
ORDER BY eventTime DESC
LIMIT 100
