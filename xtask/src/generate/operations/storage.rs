//! Data at rest, and the keys to it.

use super::{Operation, read, write};

const BUCKET: &str = r#"[{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<bucket>"}]"#;
const OBJECT: &str = r#"[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::<bucket>/<key>"},{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<bucket>"}]"#;
const LISTED: &str = r#"[{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::<bucket>/"},{"accountId":"<account>","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::<bucket>"}]"#;
const S3: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","x-amz-id-2":"<hostid>","bytesTransferredOut":<bytes>}"#;
const S3_PUT: &str = r#"{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":<bytes>,"SSEApplied":"Default_SSE_S3","AuthenticationMethod":"AuthHeader","x-amz-id-2":"<hostid>","bytesTransferredOut":0}"#;
const KEY: &str =
    r#"[{"accountId":"<account>","type":"AWS::KMS::Key","ARN":"arn:aws:kms:<region>:<account>:key/<kms>"}]"#;
const TABLE: &str = r#"[{"accountId":"<account>","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:<region>:<account>:table/<table>"}]"#;
const PARAMETER: &str = r#"[{"accountId":"<account>","ARN":"arn:aws:ssm:<region>:<account>:parameter<parameter>"}]"#;
const NO_SECRET: &[(&str, &str)] = &[("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")];
const NO_KEY: &[(&str, &str)] = &[("NoSuchKey", "The specified key does not exist.")];

pub(super) const ALL: &[Operation] = &[
    read("s3", "GetObject", 6_500).data().asks(r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","key":"<key>"}"#).touches(OBJECT).adds(S3).fails(NO_KEY),
    read("s3", "HeadObject", 2_200).data().asks(r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","key":"<key>"}"#).touches(OBJECT).adds(S3).fails(NO_KEY),
    write("s3", "PutObject", 3_400).data().asks(r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","key":"<key>","x-amz-storage-class":"INTELLIGENT_TIERING"}"#).answers(r#"{"x-amz-server-side-encryption":"AES256"}"#).touches(OBJECT).adds(S3_PUT),
    write("s3", "DeleteObject", 500).data().asks(r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","key":"<key>"}"#).touches(OBJECT).adds(S3),
    read("s3", "ListObjects", 1_300).data().asks(r#"{"list-type":"2","bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","prefix":"","max-keys":"1000"}"#).touches(LISTED).adds(S3),
    read("s3", "ListBuckets", 500).asks(r#"{"Host":"s3.<region>.amazonaws.com"}"#).adds(S3),
    read("s3", "GetBucketAcl", 1_400).asks(r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","acl":""}"#).touches(BUCKET).adds(S3),
    read("s3", "GetBucketPolicy", 300).asks(r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","policy":""}"#).touches(BUCKET).adds(S3).fails(&[("NoSuchBucketPolicy", "The bucket policy does not exist")]),
    read("s3", "GetBucketLocation", 600).asks(r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","location":""}"#).touches(BUCKET).adds(S3),
    read("s3", "GetBucketEncryption", 300).asks(r#"{"bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com","encryption":""}"#).touches(BUCKET).adds(S3),
    read("s3", "GetBucketPublicAccessBlock", 300).asks(r#"{"publicAccessBlock":"","bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com"}"#).touches(BUCKET).adds(S3).fails(&[("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")]),
    read("s3", "GetBucketLifecycle", 150).asks(r#"{"lifecycle":"","bucketName":"<bucket>","Host":"<bucket>.s3.<region>.amazonaws.com"}"#).touches(BUCKET).adds(S3).fails(&[("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")]),
    write("s3", "PutBucketPolicy", 12).asks(r#"{"bucketName":"<bucket>","bucketPolicy":{"Version":"2012-10-17","Statement":[{"Sid":"<rule>","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::<account>:role/<role>"},"Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::<bucket>","arn:aws:s3:::<bucket>/*"]}]},"Host":"<bucket>.s3.<region>.amazonaws.com","policy":""}"#).touches(BUCKET).adds(S3).fails(&[("MalformedPolicy", "Policy has invalid resource")]),
    write("s3", "CreateBucket", 6).asks(r#"{"CreateBucketConfiguration":{"LocationConstraint":"<region>","xmlns":"http://s3.amazonaws.com/doc/2006-03-01/"},"bucketName":"<bucket>","Host":"s3.<region>.amazonaws.com"}"#).touches(BUCKET).adds(S3).fails(&[("BucketAlreadyExists", "The requested bucket name is not available.")]),
    read("kms", "Decrypt", 6_400).asks(r#"{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::<bucket>/<key>"}}"#).touches(KEY),
    read("kms", "GenerateDataKey", 3_200).asks(r#"{"keyId":"arn:aws:kms:<region>:<account>:key/<kms>","keySpec":"AES_256","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::<bucket>"}}"#).touches(KEY),
    read("kms", "Encrypt", 700).asks(r#"{"encryptionContext":{"PARAMETER_ARN":"arn:aws:ssm:<region>:<account>:parameter<parameter>"},"keyId":"alias/aws/ssm","encryptionAlgorithm":"SYMMETRIC_DEFAULT"}"#).touches(KEY),
    read("kms", "DescribeKey", 900).asks(r#"{"keyId":"<kms>"}"#).touches(KEY).fails(&[("NotFoundException", "Key 'arn:aws:kms:<region>:<account>:key/<kms>' does not exist")]),
    write("kms", "CreateGrant", 250).asks(r#"{"keyId":"arn:aws:kms:<region>:<account>:key/<kms>","granteePrincipal":"arn:aws:iam::<account>:role/<role>","operations":["Decrypt","GenerateDataKeyWithoutPlaintext","CreateGrant"],"constraints":{"encryptionContextSubset":{"aws:ebs:id":"<volume>"}}}"#).answers(r#"{"grantId":"<sha>","keyId":"arn:aws:kms:<region>:<account>:key/<kms>"}"#).touches(KEY),
    write("kms", "ScheduleKeyDeletion", 2).asks(r#"{"keyId":"<kms>","pendingWindowInDays":7}"#).answers(r#"{"keyId":"arn:aws:kms:<region>:<account>:key/<kms>","keyState":"PendingDeletion","deletionDate":"<time>","pendingWindowInDays":7}"#).touches(KEY),
    read("secretsmanager", "GetSecretValue", 1_900).asks(r#"{"secretId":"arn:aws:secretsmanager:<region>:<account>:secret:<secret>"}"#).fails(NO_SECRET),
    read("secretsmanager", "DescribeSecret", 700).asks(r#"{"secretId":"arn:aws:secretsmanager:<region>:<account>:secret:<secret>"}"#).fails(NO_SECRET),
    read("secretsmanager", "GetResourcePolicy", 400).asks(r#"{"secretId":"arn:aws:secretsmanager:<region>:<account>:secret:<secret>"}"#),
    write("secretsmanager", "PutSecretValue", 60).asks(r#"{"secretId":"arn:aws:secretsmanager:<region>:<account>:secret:<secret>","clientRequestToken":"<uuid>"}"#).answers(r#"{"arn":"arn:aws:secretsmanager:<region>:<account>:secret:<secret>"}"#),
    read("ssm", "GetParameter", 1_500).asks(r#"{"name":"<parameter>","withDecryption":true}"#).touches(PARAMETER).fails(&[("ParameterNotFound", "Parameter <parameter> not found.")]),
    read("ssm", "GetParametersByPath", 600).asks(r#"{"path":"<parameter>","recursive":true,"withDecryption":true,"maxResults":10}"#).touches(PARAMETER),
    read("ssm", "DescribeParameters", 500).asks(r#"{"parameterFilters":[{"key":"Name","option":"Equals","values":["<parameter>"]}],"shared":false}"#),
    write("ssm", "PutParameter", 120).asks(r#"{"name":"<parameter>","value":"HIDDEN_DUE_TO_SECURITY_REASONS","type":"SecureString","overwrite":true,"tags":[{"key":"stack","value":"<stack>"}]}"#).answers(r#"{"version":<small>,"tier":"Standard"}"#).touches(PARAMETER),
    write("ssm", "UpdateInstanceInformation", 2_100).asks(r#"{"instanceId":"<instance>","agentVersion":"3.3.<small>.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"<address>","computerName":"<service>.internal","agentName":"amazon-ssm-agent","availabilityZone":"<region>a","sSMConnectionChannel":"ssmmessages"}"#),
    write("ssm", "SendCommand", 25).asks(r#"{"documentName":"AWS-RunShellScript","instanceIds":["<instance>"],"parameters":"HIDDEN_DUE_TO_SECURITY_REASONS","timeoutSeconds":600,"interactive":false}"#)
        .answers(r#"{"command":{"commandId":"<uuid>","documentName":"AWS-RunShellScript","documentVersion":"$DEFAULT","comment":"","expiresAfter":"<time>","parameters":"HIDDEN_DUE_TO_SECURITY_REASONS","instanceIds":["<instance>"],"targets":[],"requestedDateTime":"<time>","status":"Pending","statusDetails":"Pending","maxConcurrency":"50","maxErrors":"0","targetCount":1,"completedCount":0,"errorCount":0}}"#).fails(&[("InvalidInstanceId", "Instances not in a valid state for account")]),
    read("dynamodb", "GetItem", 3_100).data().asks(r#"{"tableName":"<table>","key":{"pk":"HIDDEN_DUE_TO_SECURITY_REASONS"},"consistentRead":false}"#).touches(TABLE),
    read("dynamodb", "Query", 1_700).data().asks(r#"{"tableName":"<table>","keyConditionExpression":"pk = :pk","limit":100}"#).touches(TABLE),
    write("dynamodb", "PutItem", 1_600).data().asks(r#"{"tableName":"<table>","key":{"pk":"HIDDEN_DUE_TO_SECURITY_REASONS"}}"#).touches(TABLE).fails(&[("ConditionalCheckFailedException", "The conditional request failed")]),
    read("dynamodb", "DescribeTable", 900).asks(r#"{"tableName":"<table>"}"#).touches(TABLE).fails(&[("ResourceNotFoundException", "Requested resource not found: Table: <table> not found")]),
    read("rds", "DescribeDBInstances", 900).asks(r#"{"dBInstanceIdentifier":"<database>"}"#).fails(&[("DBInstanceNotFound", "DBInstance <database> not found.")]),
    read("rds", "DescribeDBSnapshots", 300).asks(r#"{"includePublic":false,"dBInstanceIdentifier":"<database>","includeShared":false}"#),
    read("rds", "ListTagsForResource", 300).asks(r#"{"resourceName":"arn:aws:rds:<region>:<account>:db:<database>"}"#),
    write("rds", "ModifyDBInstance", 10).asks(r#"{"dBInstanceIdentifier":"<database>","backupRetentionPeriod":14,"applyImmediately":true,"allowMajorVersionUpgrade":false}"#)
        .answers(r#"{"dBInstanceIdentifier":"<database>","dBInstanceClass":"db.r6g.large","engine":"postgres","dBInstanceStatus":"modifying","masterUsername":"app","endpoint":{"address":"<database>.c1.<region>.rds.amazonaws.com","port":5432,"hostedZoneId":"<zone>"},"allocatedStorage":200,"instanceCreateTime":"<time>","backupRetentionPeriod":14,"vpcSecurityGroups":[{"vpcSecurityGroupId":"<group>","status":"active"}],"multiAZ":true,"engineVersion":"16.4","publiclyAccessible":false,"storageType":"gp3","storageEncrypted":true,"kmsKeyId":"arn:aws:kms:<region>:<account>:key/<kms>","dbiResourceId":"db-<hex>","dBInstanceArn":"arn:aws:rds:<region>:<account>:db:<database>"}"#).fails(&[("InvalidDBInstanceStateFault", "Instance <database> is not in the available state.")]),
    read("sqs", "GetQueueAttributes", 900).asks(r#"{"queueUrl":"https://sqs.<region>.amazonaws.com/<account>/<queue>","attributeNames":["ApproximateNumberOfMessages","ApproximateNumberOfMessagesNotVisible"]}"#).touches(r#"[{"accountId":"<account>","type":"AWS::SQS::Queue","ARN":"arn:aws:sqs:<region>:<account>:<queue>"}]"#),
    read("glue", "GetTable", 700).asks(r#"{"databaseName":"<database>","name":"<table>"}"#).fails(&[("EntityNotFoundException", "Entity Not Found")]),
    read("athena", "GetQueryExecution", 500).asks(r#"{"queryExecutionId":"<uuid>"}"#),
    write("athena", "StartQueryExecution", 120).asks(r#"{"queryString":"***OMITTED***","clientRequestToken":"<uuid>","queryExecutionContext":{"database":"<database>","catalog":"AwsDataCatalog"},"workGroup":"primary"}"#).answers(r#"{"queryExecutionId":"<uuid>"}"#),
];
