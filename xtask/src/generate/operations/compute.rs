//! Machines and functions.

use super::{Operation, read, write};

const INSTANCE_GONE: &[(&str, &str)] =
    &[("Client.InvalidInstanceID.NotFound", "The instance ID '<instance>' does not exist")];
const LAMBDA: &str = r#"[{"accountId":"<account>","type":"AWS::Lambda::Function","ARN":"arn:aws:lambda:<region>:<account>:function:<function>"}]"#;

pub(super) const ALL: &[Operation] = &[
    read("ec2", "DescribeInstances", 3_600).asks(r#"{"instancesSet":{"items":[{"instanceId":"<instance>"}]},"filterSet":{}}"#).fails(INSTANCE_GONE),
    read("ec2", "DescribeInstanceStatus", 1_300).asks(r#"{"instancesSet":{"items":[{"instanceId":"<instance>"}]},"filterSet":{},"includeAllInstances":false}"#).fails(INSTANCE_GONE),
    read("ec2", "DescribeRouteTables", 1_500).asks(r#"{"routeTableIdSet":{},"filterSet":{"items":[{"name":"association.main","valueSet":{"items":[{"value":"true"}]}},{"name":"vpc-id","valueSet":{"items":[{"value":"<vpc>"}]}}]}}"#)
        .fails(&[("Client.InvalidRouteTableID.NotFound", "The routeTable ID '<routes>' does not exist")]),
    read("ec2", "DescribeSecurityGroups", 1_400).asks(r#"{"securityGroupSet":{},"securityGroupIdSet":{"items":[{"groupId":"<group>"}]},"filterSet":{"items":[{"name":"vpc-id","valueSet":{"items":[{"value":"<vpc>"}]}}]}}"#)
        .fails(&[("Client.InvalidGroup.NotFound", "The security group '<group>' does not exist")]),
    read("ec2", "DescribeSubnets", 1_200).asks(r#"{"subnetSet":{"items":[{"subnetId":"<subnet>"}]},"filterSet":{}}"#),
    read("ec2", "DescribeVpcs", 900).asks(r#"{"vpcSet":{"items":[{"vpcId":"<vpc>"}]},"filterSet":{}}"#),
    read("ec2", "DescribeVpcAttribute", 500).asks(r#"{"vpcId":"<vpc>"}"#),
    read("ec2", "DescribeNetworkInterfaces", 1_500).asks(r#"{"networkInterfaceIdSet":{"items":[{"networkInterfaceId":"<interface>"}]},"filterSet":{}}"#),
    read("ec2", "DescribeVolumes", 900).asks(r#"{"volumeSet":{"items":[{"volumeId":"<volume>"}]},"filterSet":{}}"#).fails(&[("Client.InvalidVolume.NotFound", "The volume '<volume>' does not exist.")]),
    read("ec2", "DescribeSnapshots", 600).asks(r#"{"snapshotSet":{},"ownersSet":{"items":[{"owner":"<account>"}]},"sharedUsersSet":{},"filterSet":{}}"#),
    read("ec2", "DescribeImages", 500).asks(r#"{"executableBySet":{},"imagesSet":{"items":[{"imageId":"<image>"}]},"ownersSet":{},"filterSet":{},"includeDeprecated":false,"includeDisabled":false}"#),
    read("ec2", "DescribeTags", 500).asks(r#"{"filterSet":{"items":[{"name":"resource-id","valueSet":{"items":[{"value":"<instance>"}]}}]}}"#),
    read("ec2", "DescribeNatGateways", 400).asks(r#"{"DescribeNatGatewaysRequest":{"NatGatewayId":{"tag":1,"content":"<gateway>"}}}"#),
    read("ec2", "DescribeAvailabilityZones", 400).asks(r#"{"availabilityZoneSet":{},"availabilityZoneIdSet":{},"filterSet":{"items":[{"name":"state","valueSet":{"items":[{"value":"available"}]}}]}}"#),
    read("ec2", "DescribeAccountAttributes", 300).asks(r#"{"accountAttributeNameSet":{},"filterSet":{}}"#),
    read("ec2", "DescribeInstanceAttribute", 200).asks(r#"{"instanceId":"<instance>","attribute":"userData"}"#),
    read("ec2", "GetPasswordData", 40).asks(r#"{"instanceId":"<instance>"}"#).fails(INSTANCE_GONE),
    read("ec2", "GetConsoleOutput", 30).asks(r#"{"instanceId":"<instance>"}"#),
    write("ec2", "RunInstances", 120)
        .asks(r#"{"instancesSet":{"items":[{"imageId":"<image>","minCount":1,"maxCount":1}]},"instanceType":"m6i.large","blockDeviceMapping":{},"monitoring":{"enabled":false},"disableApiTermination":false,"disableApiStop":false,"clientToken":"<uuid>","networkInterfaceSet":{"items":[{"deviceIndex":0,"subnetId":"<subnet>","groupSet":{"items":[{"groupId":"<group>"}]}}]},"iamInstanceProfile":{"name":"<role>"},"ebsOptimized":true,"tagSpecificationSet":{"items":[{"resourceType":"instance","tags":[{"key":"Name","value":"<service>"},{"key":"team","value":"<stack>"}]}]}}"#)
        .answers(r#"{"requestId":"<uuid>","reservationId":"r-0a<small>","ownerId":"<account>","groupSet":{},"instancesSet":{"items":[{"instanceId":"<instance>","imageId":"<image>","currentState":{"code":0,"name":"pending"},"privateDnsName":"ip-10-0-<small>-<small>.ec2.internal","amiLaunchIndex":0,"productCodes":{},"instanceType":"m6i.large","launchTime":<millis>,"placement":{"availabilityZone":"<region>a","tenancy":"default"},"monitoring":{"state":"disabled"},"subnetId":"<subnet>","vpcId":"<vpc>","privateIpAddress":"<address>","stateReason":{"code":"pending","message":"pending"},"architecture":"x86_64","rootDeviceType":"ebs","rootDeviceName":"/dev/xvda","blockDeviceMapping":{},"virtualizationType":"hvm","hypervisor":"xen","clientToken":"<uuid>","groupSet":{"items":[{"groupId":"<group>","groupName":"<service>"}]},"sourceDestCheck":true,"ebsOptimized":true,"iamInstanceProfile":{"arn":"arn:aws:iam::<account>:instance-profile/<role>","id":"AIPA<small>"},"enaSupport":true,"metadataOptions":{"state":"pending","httpTokens":"required","httpPutResponseHopLimit":2,"httpEndpoint":"enabled"}}]}}"#)
        .fails(&[("Client.InsufficientInstanceCapacity", "We currently do not have sufficient m6i.large capacity in the Availability Zone you requested (<region>a)."), ("Client.VcpuLimitExceeded", "You have requested more vCPU capacity than your current vCPU limit allows for the instance bucket.")]),
    write("ec2", "TerminateInstances", 110).asks(r#"{"instancesSet":{"items":[{"instanceId":"<instance>"}]}}"#)
        .answers(r#"{"requestId":"<uuid>","instancesSet":{"items":[{"instanceId":"<instance>","currentState":{"code":32,"name":"shutting-down"},"previousState":{"code":16,"name":"running"}}]}}"#).fails(INSTANCE_GONE),
    write("ec2", "StartInstances", 60).asks(r#"{"instancesSet":{"items":[{"instanceId":"<instance>"}]}}"#)
        .answers(r#"{"requestId":"<uuid>","instancesSet":{"items":[{"instanceId":"<instance>","currentState":{"code":0,"name":"pending"},"previousState":{"code":80,"name":"stopped"}}]}}"#).fails(INSTANCE_GONE),
    write("ec2", "StopInstances", 60).asks(r#"{"instancesSet":{"items":[{"instanceId":"<instance>"}]},"force":false}"#)
        .answers(r#"{"requestId":"<uuid>","instancesSet":{"items":[{"instanceId":"<instance>","currentState":{"code":64,"name":"stopping"},"previousState":{"code":16,"name":"running"}}]}}"#).fails(INSTANCE_GONE),
    write("ec2", "CreateTags", 220).asks(r#"{"resourcesSet":{"items":[{"resourceId":"<instance>"}]},"tagSet":{"items":[{"key":"Name","value":"<service>"}]}}"#).answers(r#"{"requestId":"<uuid>","_return":true}"#),
    write("ec2", "CreateNetworkInterface", 120).asks(r#"{"subnetId":"<subnet>","description":"AWS Lambda VPC ENI-<function>","groupSet":{"items":[{"groupId":"<group>"}]},"privateIpAddressesSet":{},"clientToken":"<uuid>"}"#)
        .answers(r#"{"requestId":"<uuid>","networkInterface":{"networkInterfaceId":"<interface>","subnetId":"<subnet>","vpcId":"<vpc>","availabilityZone":"<region>b","ownerId":"<account>","requesterManaged":false,"status":"pending","macAddress":"0e:11:<small>:22:33:44","privateIpAddress":"<address>","sourceDestCheck":true,"groupSet":{"items":[{"groupId":"<group>","groupName":"<service>"}]},"tagSet":{}}}"#),
    write("ec2", "DeleteNetworkInterface", 110).asks(r#"{"networkInterfaceId":"<interface>"}"#).answers(r#"{"requestId":"<uuid>","_return":true}"#)
        .fails(&[("Client.InvalidNetworkInterfaceID.NotFound", "The networkInterface ID '<interface>' does not exist"), ("Client.InvalidParameterValue", "Network interface '<interface>' is currently in use.")]),
    write("ec2", "AuthorizeSecurityGroupIngress", 35).asks(r#"{"groupId":"<group>","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":443,"toPort":443,"groups":{},"ipRanges":{"items":[{"cidrIp":"<address>/32","description":"<words>"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}"#)
        .answers(r#"{"requestId":"<uuid>","_return":true,"securityGroupRuleSet":{"items":[{"groupOwnerId":"<account>","groupId":"<group>","securityGroupRuleId":"sgr-0<small>","isEgress":false,"ipProtocol":"tcp","fromPort":443,"toPort":443,"cidrIpv4":"<address>/32"}]}}"#)
        .fails(&[("Client.InvalidPermission.Duplicate", "the specified rule \\\"peer: <address>/32, TCP, from port: 443, to port: 443, ALLOW\\\" already exists")]),
    write("ec2", "CreateSnapshot", 70).asks(r#"{"volumeId":"<volume>","description":"nightly <words>"}"#)
        .answers(r#"{"requestId":"<uuid>","snapshotId":"<snapshot>","volumeId":"<volume>","status":"pending","startTime":<millis>,"progress":"","ownerId":"<account>","volumeSize":100,"description":"nightly","encrypted":true,"storageTier":"standard"}"#),
    write("ec2", "ModifySnapshotAttribute", 8).asks(r#"{"snapshotId":"<snapshot>","createVolumePermission":{"add":{"items":[{"userId":"<account>"}]}},"attributeType":"CREATE_VOLUME_PERMISSION"}"#).answers(r#"{"requestId":"<uuid>","_return":true}"#),
    write("ec2", "DeleteSnapshot", 60).asks(r#"{"snapshotId":"<snapshot>","force":false}"#).answers(r#"{"requestId":"<uuid>","_return":true}"#).fails(&[("Client.InvalidSnapshot.InUse", "The snapshot <snapshot> is currently in use by <image>")]),
    read("autoscaling", "DescribeAutoScalingGroups", 900).asks(r#"{"autoScalingGroupNames":["<service>"],"maxRecords":100}"#),
    read("autoscaling", "DescribeAutoScalingInstances", 300).asks(r#"{"instanceIds":["<instance>"]}"#),
    write("autoscaling", "CompleteLifecycleAction", 80).asks(r#"{"autoScalingGroupName":"<service>","lifecycleHookName":"<rule>","lifecycleActionToken":"<uuid>","lifecycleActionResult":"CONTINUE"}"#),
    read("elasticloadbalancing", "DescribeTargetHealth", 1_300).asks(r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<balancer>"}"#).version("2015-12-01"),
    read("elasticloadbalancing", "DescribeLoadBalancers", 500).asks(r#"{"loadBalancerArns":["arn:aws:elasticloadbalancing:<region>:<account>:loadbalancer/app/<balancer>"]}"#).version("2015-12-01").fails(&[("LoadBalancerNotFoundException", "One or more load balancers not found")]),
    write("elasticloadbalancing", "RegisterTargets", 90).asks(r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:<region>:<account>:targetgroup/<balancer>","targets":[{"id":"<instance>","port":8080}]}"#).version("2015-12-01"),
    read("ecs", "DescribeServices", 700).asks(r#"{"services":["<service>"],"cluster":"<cluster>"}"#),
    read("ecs", "DescribeTasks", 600).asks(r#"{"cluster":"<cluster>","tasks":["<task>"]}"#),
    read("ecs", "ListTasks", 300).asks(r#"{"cluster":"<cluster>","serviceName":"<service>"}"#).fails(&[("ClusterNotFoundException", "Cluster not found.")]),
    write("ecs", "SubmitTaskStateChange", 250).asks(r#"{"cluster":"arn:aws:ecs:<region>:<account>:cluster/<cluster>","task":"arn:aws:ecs:<region>:<account>:task/<cluster>/<task>","status":"RUNNING","attachments":[],"containers":[{"containerName":"app","runtimeId":"<hex>-265927825","status":"RUNNING","networkBindings":[]}],"pullStartedAt":"<time>","pullStoppedAt":"<time>"}"#).answers(r#"{"acknowledgment":"ACK"}"#),
    read("eks", "DescribeCluster", 250).asks(r#"{"name":"<cluster>"}"#).fails(&[("ResourceNotFoundException", "No cluster found for name: <cluster>.")]),
    read("ecr", "GetAuthorizationToken", 400).asks("{}"),
    read("ecr", "BatchGetImage", 700).asks(r#"{"registryId":"<account>","repositoryName":"<repository>","imageIds":[{"imageTag":"main-<small>"}],"acceptedMediaTypes":["application/vnd.oci.image.manifest.v1+json","application/vnd.docker.distribution.manifest.v2+json"]}"#).touches(r#"[{"accountId":"<account>","ARN":"arn:aws:ecr:<region>:<account>:repository/<repository>"}]"#),
    read("ecr", "GetDownloadUrlForLayer", 800).asks(r#"{"registryId":"<account>","repositoryName":"<repository>","layerDigest":"sha256:<sha>"}"#).touches(r#"[{"accountId":"<account>","ARN":"arn:aws:ecr:<region>:<account>:repository/<repository>"}]"#),
    read("lambda", "ListFunctions20150331", 300).asks(r#"{"maxItems":50}"#),
    read("lambda", "GetFunction20150331v2", 400).asks(r#"{"functionName":"<function>"}"#).fails(&[("ResourceNotFoundException", "Function not found: arn:aws:lambda:<region>:<account>:function:<function>")]),
    write("lambda", "UpdateFunctionCode20150331v2", 60).asks(r#"{"functionName":"<function>","s3Bucket":"<bucket>","s3Key":"<key>","publish":true,"dryRun":false}"#)
        .answers(r#"{"functionName":"<function>","functionArn":"arn:aws:lambda:<region>:<account>:function:<function>","runtime":"python3.12","role":"arn:aws:iam::<account>:role/<role>","handler":"app.handler","codeSize":<bytes>,"description":"<words>","timeout":30,"memorySize":512,"lastModified":"<time>","codeSha256":"<token>","version":"<small>","tracingConfig":{"mode":"Active"},"revisionId":"<uuid>","state":"Active","lastUpdateStatus":"InProgress","packageType":"Zip","architectures":["arm64"],"ephemeralStorage":{"size":512},"snapStart":{"applyOn":"None","optimizationStatus":"Off"}}"#)
        .fails(&[("ResourceConflictException", "The operation cannot be performed at this time. An update is in progress for resource: arn:aws:lambda:<region>:<account>:function:<function>")]),
    write("lambda", "AddPermission20150331v2", 15).asks(r#"{"functionName":"<function>","statementId":"<rule>","action":"lambda:InvokeFunction","principal":"events.amazonaws.com","sourceArn":"arn:aws:events:<region>:<account>:rule/<rule>"}"#)
        .answers(r#"{"statement":"{\"Sid\":\"<rule>\",\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"events.amazonaws.com\"},\"Action\":\"lambda:InvokeFunction\",\"Resource\":\"arn:aws:lambda:<region>:<account>:function:<function>\"}"}"#),
    write("lambda", "Invoke", 2_600).data().asks(r#"{"functionName":"<function>","invocationType":"RequestResponse"}"#).touches(LAMBDA).adds(r#"{"functionVersion":"arn:aws:lambda:<region>:<account>:function:<function>:$LATEST"}"#)
        .fails(&[("TooManyRequestsException", "Rate Exceeded.")]),
];
