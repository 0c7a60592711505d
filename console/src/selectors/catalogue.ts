/** The types of resources that have data events, by the part after `AWS::`; a test compares them with the server's. */
const TYPES: Record<string, string> = {
  AIDevOps: 'AgentSpace Association OperatorAppTeam PipelineMetadata Service',
  AIOps: 'InvestigationGroup',
  AgentAccessMCP: 'Tools',
  AppConfig: 'Configuration',
  AppSync: 'GraphQLApi',
  B2BI: 'Transformer',
  Backup: 'SearchJob',
  Bedrock:
    'AdvancedOptimizePromptJob AgentAlias AsyncInvoke AutomatedReasoningPolicy AutomatedReasoningPolicyVersion Blueprint DataAutomationInvocation DataAutomationProfile DataAutomationProject FlowAlias FlowExecution Guardrail InlineAgent KnowledgeBase Model PromptVersion Session Tool',
  BedrockAgentCore:
    'APIKeyCredentialProvider Browser BrowserCustom CodeInterpreter CodeInterpreterCustom Evaluator Gateway Memory OAuth2CredentialProvider Runtime RuntimeEndpoint TokenVault WorkloadIdentity WorkloadIdentityDirectory',
  Cassandra: 'Stream Table',
  CloudFront: 'KeyValueStore',
  CloudOptimization: 'Profile Recommendation',
  CloudTrail: 'Channel',
  CloudWatch: 'Metric',
  CodeGuruProfiler: 'ProfilingGroup',
  CodeWhisperer: 'Customization Profile',
  Cognito: 'IdentityPool',
  DSQL: 'Cluster',
  DataExchange: 'Asset',
  Deadline: 'Fleet Job Queue Worker',
  DynamoDB: 'Stream Table',
  EC2: 'InstanceConnectEndpoint Snapshot',
  ECS: 'ContainerInstance',
  EKS: 'Dashboard',
  EMRWAL: 'Workspace',
  Events: 'Endpoint EventBus EventSource',
  FSx: 'Volume',
  FinSpace: 'Environment',
  GameLiftStreams: 'Application StreamGroup',
  GeoMaps: 'Provider',
  GeoPlaces: 'Provider',
  GeoRoutes: 'Provider',
  Glue: 'Table',
  GreengrassV2: 'ComponentVersion Deployment',
  GuardDuty: 'Detector MalwareScan',
  IoT: 'Certificate Thing',
  IoTSiteWise: 'Asset TimeSeries',
  IoTTwinMaker: 'Entity Workspace',
  KendraRanking: 'ExecutionPlan',
  Kinesis: 'Stream StreamConsumer',
  KinesisFirehose: 'DeliveryStream',
  KinesisVideo: 'SignalingChannel Stream',
  Lambda: 'Function',
  MWAA: 'Environment',
  MachineLearning: 'MlModel',
  ManagedBlockchain: 'Network Node',
  ManagedBlockchainQuery: 'QueryAPI',
  MedicalImaging: 'Datastore Imageset',
  NeptuneGraph: 'Graph',
  NetworkFlowMonitor: 'Monitor Scope',
  NovaAct: 'WorkflowDefinition WorkflowRun',
  One: 'UKey User',
  PCAConnectorAD: 'Connector',
  PCAConnectorSCEP: 'Connector',
  PaymentCryptography: 'Alias Key',
  Pinpoint: 'App',
  QApps: 'QApp QAppSession',
  QBusiness: 'Application DataSource Index Integration WebExperience',
  QDeveloper: 'Integration',
  QuickSight: 'Flow FlowSession',
  Quicksight: 'ActionConnector',
  RDS: 'DBCluster',
  RUM: 'AppMonitor',
  Redshift: 'Cluster',
  S3: 'AccessPoint Object',
  S3Express: 'Object',
  S3ObjectLambda: 'AccessPoint',
  S3Outposts: 'Object',
  S3Tables: 'Table TableBucket',
  S3Vectors: 'Index VectorBucket',
  SCN: 'Instance',
  SDB: 'Domain',
  SES: 'ConfigurationSet EmailIdentity Template',
  SMSVoice: 'Message OriginationIdentity',
  SNS: 'PlatformEndpoint Topic',
  SQS: 'Queue',
  SSM: 'ExecutionPreview ManagedNode',
  SSMMessages: 'ControlChannel',
  SWF: 'Domain',
  SageMaker: 'Endpoint ExperimentTrialComponent FeatureGroup MlflowTrackingServer',
  ServiceDiscovery: 'Namespace Service',
  Signer: 'SigningJob SigningProfile',
  SitewiseAssistant: 'Conversation',
  SocialMessaging: 'PhoneNumberId WabaId',
  StepFunctions: 'Activity StateMachine',
  SupportAccess: 'Tenant TrustingAccount TrustingRole',
  ThinClient: 'Device Environment',
  Timestream: 'Database RegionalEndpoint Table',
  Transform: 'AgentInstance',
  TransformCustom: 'Campaign Conversation KnowledgeItem Package',
  VerifiedPermissions: 'PolicyStore',
  XRay: 'Trace',
};

/** Every value of `resources.type`, as `AWS::Service::Type`. */
export const RESOURCE_TYPES: readonly string[] = Object.entries(TYPES).flatMap(([service, types]) =>
  types.split(' ').map((type) => `AWS::${service}::${type}`),
);

/** The services that have network activity events. */
export const NETWORK_EVENT_SOURCES: readonly string[] = (
  'aco-automation appconfig application-signals appmesh athena b2bi backup-gateway bcm-data-exports ' +
  'bcm-pricing-calculator bedrock-agentcore bedrock billing cassandra ce cloudcontrolapi cloudformation ' +
  'cloudhsm cloudoptimization cloudtrail codedeploy comprehend comprehendmedical config ds dynamodb ec2 ecs ' +
  'elasticfilesystem elasticloadbalancing events firehose frauddetector freetier fsx glue healthlake ' +
  'invoicing iot iotfleetwise iotsecuredtunneling kms lakeformation lambda license-manager lookoutequipment ' +
  'lookoutvision monitoring nova-act personalize qbusiness rds rekognition rolesanywhere s3 sagemaker ' +
  'scheduler secretsmanager servicediscovery sns sqs ssm-contacts ssm storagegateway swf textract ' +
  'transcribe transcribestreaming transform-agents transform-custom transform translate user-subscriptions ' +
  'verifiedpermissions voiceid workmail workmailmessageflow'
)
  .split(' ')
  .map((service) => `${service}.amazonaws.com`);
