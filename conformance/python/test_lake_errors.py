"""Each error that the service model gives to an operation of the Lake, through boto3: provoked, or the reason why it can't occur."""

import itertools

import pytest
from botocore.exceptions import ClientError

from conftest import running
from logs import wait_until
from server import ACCOUNT, make_trail_bucket
from test_event_data_stores import NOWHERE, ROLE, only
from test_import import records
from test_lake_imports import cut, source

OPERATIONS = """
    AddTags CancelQuery CreateChannel CreateDashboard CreateEventDataStore DeleteChannel DeleteDashboard
    DeleteEventDataStore DeleteResourcePolicy DescribeQuery DisableFederation EnableFederation GenerateQuery GetChannel
    GetDashboard GetEventConfiguration GetEventDataStore GetImport GetQueryResults GetResourcePolicy ListChannels
    ListDashboards ListEventDataStores ListImportFailures ListImports ListQueries ListTags PutEventConfiguration
    PutResourcePolicy RemoveTags RestoreEventDataStore SearchSampleQueries StartDashboardRefresh
    StartEventDataStoreIngestion StartImport StartQuery StopEventDataStoreIngestion StopImport UpdateChannel
    UpdateDashboard UpdateEventDataStore
""".split()

# Why errors don't occur: for the operations that are named, or for all.
REASONS = [
    ("", "NoManagementAccountSLRExists NotOrganizationMasterAccount OrganizationNotInAllFeaturesMode "
         "CloudTrailAccessNotEnabled InsufficientDependencyServiceAccessPermission InsufficientIAMAccessPermission",
     "there are no organizations, and whoever asks for one is told that none is in use"),
    ("DisableFederation EnableFederation RestoreEventDataStore", "OrganizationsNotInUse",
     "no event data store is an organization's"),
    ("", "UnsupportedOperation", "all operations are built; managed dashboards and GenerateQuery answer it all the same"),
    ("GenerateQuery", "GenerateResponse", "no prompt is tried: whoever asks is told that none is made a query of"),
    ("", "OperationNotPermitted", "what a caller may not do is AccessDenied, or not there for him"),
    ("", "Throttling", "no rate is limited but by the journal, for all operations alike"),
    ("", "Kms InvalidKmsKeyId", "there is no key service: a key is refused as missing or as not for us"),
    ("CreateDashboard UpdateDashboard GetQueryResults StartQuery StartImport", "InsufficientEncryptionPolicy",
     "nothing is encrypted with keys whose policies could be in the way"),
    ("", "ConcurrentModification AccessDenied", "federation is a change of ours alone, with a role that nobody assumes"),
    ("AddTags RemoveTags CancelQuery CreateEventDataStore DeleteEventDataStore UpdateEventDataStore DeleteResourcePolicy "
     "PutResourcePolicy PutEventConfiguration StartEventDataStoreIngestion StopEventDataStoreIngestion UpdateDashboard",
     "Conflict", "a change is done when it is answered, and one waits for the other"),
    ("CancelQuery DeleteEventDataStore DisableFederation GetEventDataStore GetImport GetQueryResults ListImports ListQueries "
     "RestoreEventDataStore StartEventDataStoreIngestion StopEventDataStoreIngestion", "InvalidParameter",
     "there is no rule for its parameters but the model's constraints, which the protocol answers for"),
    ("ListTags", "InvalidToken", "all tags are one page, and what the token says is not looked at"),
    ("AddTags RemoveTags ListTags", "InvalidTrailName", "an ARN with a name that no trail can have is no ARN of a trail"),
    ("RestoreEventDataStore", "EventDataStoreMaxLimitExceeded", "one whose deletion is pending counts as before"),
    ("DeleteResourcePolicy GetResourcePolicy PutResourcePolicy", "ResourceNotFound",
     "the ARN of a resource that is not there is not valid"),
    ("StartImport", "InvalidEventDataStoreStatus", "only while its deletion is pending it takes none, and is inactive then"),
    ("PutEventConfiguration", "InvalidEventDataStoreStatus",
     "only while its deletion is pending it can't be configured, and is inactive then"),
    ("CancelQuery DescribeQuery GetQueryResults", "EventDataStoreARNInvalid",
     "the event data store is that of the query, whose id alone is looked at"),
    ("CancelQuery DescribeQuery GetQueryResults", "EventDataStoreNotFound",
     "it is gone only after seven days, which this test has not; the tests of the operations provoke it with a clock"),
]

NO_ID = "01234567-89ab-cdef-0123-456789abcdef"


def short(code):
    return code.removesuffix("Exception")


def to(*stores):
    return [{"Type": "EVENT_DATA_STORE", "Location": arn} for arn in stores]


MANY_TAGS = [{"Key": f"k{n}"} for n in range(51)]


class Audit:
    """Provokes errors and notes which."""

    def __init__(self, client):
        self.client, self.provoked, self.wrong = client, set(), []

    def answer(self, operation, **arguments):
        """The code of the error, shortened, or nothing."""
        try:
            self.client._make_api_call(operation, arguments)
        except ClientError as error:
            return short(error.response["Error"]["Code"])
        return None

    def do(self, operation, **arguments):
        return self.client._make_api_call(operation, arguments)

    def expect(self, code, operations, **arguments):
        for operation in operations.split():
            answer = self.answer(operation, **arguments)
            if answer != code:
                self.wrong.append(f"{operation} {arguments}: {answer} instead of {code}")
            self.provoked.add((operation, answer))

    def findings(self):
        """What is neither provoked nor given a reason, and reasons that are not true."""
        for operation in OPERATIONS:
            for shape in self.client.meta.service_model.operation_model(operation).error_shapes:
                name = short(shape.name)
                reasons = [(named, why) for named, names, why in REASONS
                           if name in names.split() and (not named or operation in named.split())]
                if (operation, name) not in self.provoked and not reasons:
                    self.wrong.append(f"{operation} never answered {name}")
                for named, why in reasons:
                    if named and (operation, name) in self.provoked:
                        self.wrong.append(f"{operation} answered {name}, though {why}")
        return self.wrong


@pytest.fixture
def server(tmp_path):
    with running(tmp_path / "data", "--query-concurrency", "1") as server:
        yield server


@pytest.fixture
def audit(server):
    return Audit(server.boto("cloudtrail", parameter_validation=False))


class Things:
    """What the errors are provoked with."""

    def __init__(self, server, audit):
        self.server = server
        create = lambda name, **settings: audit.do(
            "CreateEventDataStore", **{"Name": name, "TerminationProtectionEnabled": False} | settings)["EventDataStoreArn"]
        self.events, self.pending = create("events"), create("pending")
        self.outside = create("outside", AdvancedEventSelectors=only("ActivityAuditLog"), MultiRegionEnabled=False)
        self.insights = create("insights", AdvancedEventSelectors=only("Insight"), TerminationProtectionEnabled=True)
        audit.do("DeleteEventDataStore", EventDataStore=self.pending)
        self.channel = audit.do(
            "CreateChannel", Name="channel", Source="Custom", Destinations=to(self.outside))["ChannelArn"]
        self.dashboard = audit.do("CreateDashboard", Name="dashboard")["DashboardArn"]
        make_trail_bucket(server, "trail-logs")
        self.trail = audit.do("CreateTrail", Name="my-trail", S3BucketName="trail-logs")["TrailARN"]
        s3 = server.boto("s3")
        s3.create_bucket(Bucket="no-policy")
        s3.create_bucket(Bucket="old-logs")
        for key, body in cut(records(6000), 6).items():
            s3.put_object(Bucket="old-logs", Key=key, Body=body)


def of_stores(audit, things):
    of_one = ("GetEventDataStore UpdateEventDataStore DeleteEventDataStore RestoreEventDataStore "
              "StartEventDataStoreIngestion StopEventDataStoreIngestion EnableFederation DisableFederation "
              "PutEventConfiguration GetEventConfiguration ListQueries")

    def having(operation, arn):
        members = audit.client.meta.service_model.operation_model(operation).input_shape.members
        extra = {"Name": "new", "FederationRoleArn": ROLE}
        return {"EventDataStore": arn} | {name: value for name, value in extra.items() if name in members}

    def expect(code, operations, arn):
        for operation in operations.split():
            audit.expect(code, operation, **having(operation, arn))

    expect("EventDataStoreARNInvalid", of_one, "arn:aws:x")
    expect("EventDataStoreNotFound", of_one, NOWHERE)
    expect("InactiveEventDataStore", "UpdateEventDataStore DeleteEventDataStore EnableFederation DisableFederation "
           "PutEventConfiguration ListQueries", things.pending)
    audit.expect("InvalidParameter", "EnableFederation", EventDataStore=things.events,
                 FederationRoleArn="arn:aws:iam::111122223333:user/u")
    expect("InvalidEventDataStoreStatus",
           "StartEventDataStoreIngestion StopEventDataStoreIngestion GetEventConfiguration", things.pending)
    expect("InvalidEventDataStoreStatus", "RestoreEventDataStore", things.events)
    expect("InvalidEventDataStoreCategory", "StartEventDataStoreIngestion StopEventDataStoreIngestion "
           "GetEventConfiguration PutEventConfiguration", things.insights)
    for operation, place in [("CreateEventDataStore", {}), ("UpdateEventDataStore", {"EventDataStore": things.events})]:
        for code, more in [
            ("EventDataStoreAlreadyExists", {"Name": "insights"}),
            ("InvalidEventSelectors", {"AdvancedEventSelectors": []}),
            ("InvalidParameter", {"RetentionPeriod": 1}),
            ("InsufficientEncryptionPolicy", {"KmsKeyId": "alias/mine"}),
            ("KmsKeyNotFound", {"KmsKeyId": "mine"}),
            ("OrganizationsNotInUse", {"OrganizationEnabled": True}),
        ]:
            audit.expect(code, operation, **place | {"Name": "other"} | more)
    audit.expect("InvalidTagParameter", "CreateEventDataStore", Name="tagged", TagsList=MANY_TAGS)
    audit.expect("InvalidMaxResults", "ListEventDataStores", MaxResults=0)
    audit.expect("InvalidNextToken", "ListEventDataStores", NextToken="none-of-ours")
    audit.do("PutInsightSelectors", EventDataStore=things.events, InsightsDestination=things.insights,
             InsightSelectors=[{"InsightType": "ApiCallRateInsight"}])
    data = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]},
                                {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]}]
    audit.expect("InvalidInsightSelectors", "UpdateEventDataStore", EventDataStore=things.events, AdvancedEventSelectors=data)


def of_ends_of_stores(audit, things):
    """What keeps a store from being deleted or made."""
    audit.expect("EventDataStoreTerminationProtected", "DeleteEventDataStore", EventDataStore=things.insights)
    audit.expect("ChannelExistsForEDS", "DeleteEventDataStore", EventDataStore=things.outside)
    audit.do("EnableFederation", EventDataStore=things.events, FederationRoleArn=ROLE)
    audit.expect("EventDataStoreFederationEnabled", "EnableFederation", EventDataStore=things.events, FederationRoleArn=ROLE)
    audit.expect("EventDataStoreFederationEnabled", "DeleteEventDataStore", EventDataStore=things.events)
    audit.do("DisableFederation", EventDataStore=things.events)
    for number in itertools.count():
        answer = audit.answer("CreateEventDataStore", Name=f"many{number}")
        if answer:
            break
    audit.expect("EventDataStoreMaxLimitExceeded", "CreateEventDataStore", Name="one-more")


def of_configurations(audit, things):
    both = "PutEventConfiguration GetEventConfiguration"
    audit.expect("TrailNotFound", both, TrailName=things.trail.replace("my-trail", "nope"))
    audit.expect("InvalidTrailName", both, TrailName="a--b")
    audit.expect("CloudTrailARNInvalid", both, TrailName="arn:aws:x")
    audit.expect("InvalidParameterCombination", both, TrailName="my-trail", EventDataStore=things.events)
    audit.expect("InvalidParameter", both)
    abroad = Audit(things.server.boto("cloudtrail", "eu-west-1", parameter_validation=False))
    abroad.expect("InvalidHomeRegion", "PutEventConfiguration", TrailName=things.trail)
    audit.provoked |= abroad.provoked
    audit.wrong += abroad.wrong


def of_channels(audit, things):
    def make(code, name, source, *stores, **more):
        audit.expect(code, "CreateChannel", Name=name, Source=source, Destinations=to(*stores), **more)

    make("ChannelMaxLimitExceeded", "new", "Custom", things.outside)
    make("InvalidSource", "new", "Nobody", things.outside)
    make("ChannelAlreadyExists", "channel", "GitHub", things.outside)
    make("InvalidTagParameter", "new", "GitHub", things.outside, Tags=[{"Key": "aws:x"}])
    make("TagsLimitExceeded", "new", "GitHub", things.outside, Tags=MANY_TAGS)
    other = audit.do("CreateChannel", Name="other", Source="GitHub", Destinations=to(things.outside))["ChannelArn"]
    audit.expect("ChannelAlreadyExists", "UpdateChannel", Channel=other, Name="channel")
    for code, arn in [("EventDataStoreARNInvalid", "nowhere"), ("EventDataStoreNotFound", NOWHERE),
                      ("InvalidEventDataStoreCategory", things.events), ("InactiveEventDataStore", things.pending)]:
        make(code, "new", "OktaSystemLogEvents", arn)
        audit.expect(code, "UpdateChannel", Channel=things.channel, Destinations=to(arn))
    make("InvalidParameter", "new", "OktaSystemLogEvents", things.outside, things.outside)
    audit.expect("InvalidParameter", "UpdateChannel", Channel=things.channel)
    audit.expect("ChannelARNInvalid", "GetChannel UpdateChannel DeleteChannel", Channel="abc")
    audit.expect("ChannelNotFound", "GetChannel DeleteChannel", Channel=NO_ID)
    audit.expect("ChannelNotFound", "UpdateChannel", Channel=NO_ID, Name="new")
    audit.expect("InvalidNextToken", "ListChannels", NextToken="none-of-ours")


def of_dashboards(audit, things):
    def widget(table):
        return {"QueryStatement": f"SELECT '?' FROM {table}", "QueryParameters": ["$Period$"], "ViewProperties": {}}

    pending, events = things.pending.split("/")[1], things.events.split("/")[1]
    for operation, place in [("CreateDashboard", {"Name": "new"}), ("UpdateDashboard", {"DashboardId": things.dashboard})]:
        for code, widgets in [("EventDataStoreNotFound", [widget(NO_ID)]), ("InactiveEventDataStore", [widget(pending)]),
                              ("InvalidQueryStatement", [widget("nothing")]), ("ServiceQuotaExceeded", [widget(NO_ID)] * 11)]:
            audit.expect(code, operation, **place, Widgets=widgets)
    audit.expect("Conflict", "CreateDashboard", Name="dashboard")
    audit.expect("InvalidTagParameter", "CreateDashboard", Name="new", TagsList=[{"Key": "aws:x"}])
    named = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:dashboard"
    audit.expect("ResourceNotFound", "GetDashboard UpdateDashboard DeleteDashboard StartDashboardRefresh",
                 DashboardId=f"{named}/nope")
    audit.expect("UnsupportedOperation", "UpdateDashboard DeleteDashboard", DashboardId=f"{named}/AWSCloudTrail-Overview")

    def refresh(code, table):
        audit.expect(code, "StartDashboardRefresh", DashboardId="AWSCloudTrail-Overview",
                     QueryParameterValues={"$EventDataStoreId$": table})

    refresh("EventDataStoreNotFound", NO_ID)
    refresh("InactiveEventDataStore", pending)
    # One query runs at a time, and an endless one is in the way of the refresh's.
    endless = audit.do("StartQuery", QueryStatement=endless_query(events))["QueryId"]
    wait_until(lambda: audit.do("DescribeQuery", QueryId=endless)["QueryStatus"] == "RUNNING", "the run")
    refresh(None, events)
    refresh("ServiceQuotaExceeded", events)
    audit.do("CancelQuery", QueryId=endless)
    audit.do("UpdateDashboard", DashboardId=things.dashboard, TerminationProtectionEnabled=True)
    audit.expect("Conflict", "DeleteDashboard", DashboardId=things.dashboard)


def endless_query(table):
    """A query that doesn't end by itself, whether the store has records already or not."""
    numbers = "UNNEST(sequence(1, 10000))"
    return f"SELECT count(*) FROM (SELECT count(*) FROM {table}), {numbers} AS a (x), {numbers} AS b (y), {numbers} AS c (z)"


def of_samples(audit, things):
    for code, arn in [("EventDataStoreARNInvalid", "no-store"), ("EventDataStoreNotFound", NO_ID),
                      ("InactiveEventDataStore", things.pending), ("InvalidParameter", things.insights),
                      ("UnsupportedOperation", things.events)]:
        audit.expect(code, "GenerateQuery", EventDataStores=[arn], Prompt="Who was it?")
    audit.expect("InvalidParameter", "SearchSampleQueries", SearchPhrase="errors", NextToken="none-of-ours")


def of_tags_and_policies(audit, things):
    for code, id in [
        ("ResourceNotFound", things.trail.replace("my-trail", "nope")),
        ("CloudTrailARNInvalid", "nothing"),
        ("EventDataStoreARNInvalid", f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:eventdatastore/x"),
        ("ChannelARNInvalid", f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:channel/x"),
        ("ResourceTypeNotSupported", "arn:aws:s3:::bucket"),
        ("InactiveEventDataStore", things.pending),
        ("EventDataStoreNotFound", NOWHERE),
    ]:
        audit.expect(code, "AddTags RemoveTags", ResourceId=id, TagsList=[{"Key": "k"}])
        audit.expect(code, "ListTags", ResourceIdList=[id])
    foreign = things.channel.replace(ACCOUNT, "999999999999")
    audit.expect("ChannelNotFound", "AddTags RemoveTags", ResourceId=foreign, TagsList=[{"Key": "k"}])
    audit.expect("TagsLimitExceeded", "AddTags", ResourceId=things.trail, TagsList=MANY_TAGS)
    reserved = [{"Key": "aws:x"}, {"Key": "aws:x"}]
    audit.expect("InvalidTagParameter", "AddTags RemoveTags", ResourceId=things.trail, TagsList=reserved)
    for code, arn in [("ResourceARNNotValid", NOWHERE), ("ResourceTypeNotSupported", things.trail)]:
        audit.expect(code, "PutResourcePolicy", ResourceArn=arn, ResourcePolicy="{}")
        audit.expect(code, "GetResourcePolicy DeleteResourcePolicy", ResourceArn=arn)
    audit.expect("ResourcePolicyNotValid", "PutResourcePolicy", ResourceArn=things.events, ResourcePolicy="{}")
    audit.expect("ResourcePolicyNotFound", "GetResourcePolicy DeleteResourcePolicy", ResourceArn=things.events)


def of_queries(audit, things):
    outside, pending = things.outside.split("/")[1], things.pending.split("/")[1]
    good = f"SELECT 1 FROM {outside}"
    audit.expect("InvalidParameter", "StartQuery")
    audit.expect("InvalidQueryStatement", "StartQuery", QueryStatement="SELECT")
    audit.expect("EventDataStoreNotFound", "StartQuery", QueryStatement=f"SELECT 1 FROM {NO_ID}")
    audit.expect("InactiveEventDataStore", "StartQuery", QueryStatement=f"SELECT 1 FROM {pending}")
    audit.expect("EventDataStoreARNInvalid", "StartQuery", QueryStatement=good, EventDataStoreOwnerAccountId="999999999999")
    for code, uri in [("InvalidS3BucketName", "s3://192.168.0.1"), ("InvalidS3Prefix", f"s3://logs/{'x' * 201}"),
                      ("S3BucketDoesNotExist", "s3://missing"), ("InsufficientS3BucketPolicy", "s3://no-policy")]:
        audit.expect(code, "StartQuery", QueryStatement=good, DeliveryS3Uri=uri)
    of_one = "CancelQuery DescribeQuery GetQueryResults"
    audit.expect("QueryIdNotFound", of_one, QueryId=NO_ID)
    audit.expect("InvalidParameter", "DescribeQuery")
    started = [audit.do("StartQuery", QueryStatement=endless_query(outside))["QueryId"] for _ in range(10)]
    audit.expect("MaxConcurrentQueries", "StartQuery", QueryStatement=good)
    audit.expect("InvalidMaxResults", "GetQueryResults", QueryId=started[0], MaxQueryResults=0)
    audit.expect("InvalidNextToken", "GetQueryResults", QueryId=started[0], NextToken="none-of-ours")
    for query in started:
        audit.do("CancelQuery", QueryId=query)
    audit.expect("InactiveQuery", "CancelQuery", QueryId=started[0])
    listed = {"EventDataStore": things.outside}
    audit.expect("InvalidDateRange", "ListQueries", **listed, StartTime=2, EndTime=1)
    audit.expect("InvalidMaxResults", "ListQueries", **listed, MaxResults=0)
    audit.expect("InvalidNextToken", "ListQueries", **listed, NextToken="none-of-ours")
    audit.expect("InvalidQueryStatus", "ListQueries", **listed, QueryStatus="DONE")


def of_imports(audit, things):
    def start(code, arn, bucket):
        audit.expect(code, "StartImport", Destinations=[arn], ImportSource=source(bucket))

    start("EventDataStoreARNInvalid", "nowhere", "old-logs")
    audit.expect("EventDataStoreARNInvalid", "ListImports", Destination="nowhere")
    start("EventDataStoreNotFound", NOWHERE, "old-logs")
    start("InactiveEventDataStore", things.pending, "old-logs")
    start("InvalidEventDataStoreCategory", things.insights, "old-logs")
    start("InvalidImportSource", things.events, "missing")
    audit.expect("ImportNotFound", "StartImport GetImport StopImport", ImportId=NO_ID)
    audit.expect("InvalidParameter", "StartImport")
    audit.expect("InvalidParameter", "ListImportFailures", ImportId=NO_ID)
    audit.expect("InvalidNextToken", "ListImports", NextToken="none-of-ours")
    id = audit.do("StartImport", Destinations=[things.events], ImportSource=source("old-logs"))["ImportId"]
    start("AccountHasOngoingImport", things.events, "old-logs")
    audit.expect("EventDataStoreHasOngoingImport", "DeleteEventDataStore", EventDataStore=things.events)
    audit.expect("EventDataStoreHasOngoingImport", "UpdateEventDataStore", EventDataStore=things.events, Name="new")
    audit.expect("InvalidNextToken", "ListImportFailures", ImportId=id, NextToken="none-of-ours")
    audit.do("StopImport", ImportId=id)
    audit.expect("InvalidParameter", "StopImport", ImportId=id)


def of_orphans(audit, things):
    """Queries whose event data store is about to be deleted."""
    query = audit.do("StartQuery", QueryStatement=f"SELECT 1 FROM {things.events.split('/')[1]}")["QueryId"]
    audit.do("DeleteEventDataStore", EventDataStore=things.events)
    audit.expect("InactiveEventDataStore", "CancelQuery DescribeQuery GetQueryResults", QueryId=query)


def test_each_modelled_error_is_provoked_or_cannot_occur(server, audit):
    things = Things(server, audit)
    for part in (of_stores, of_ends_of_stores, of_configurations, of_channels, of_dashboards, of_samples,
                 of_tags_and_policies, of_queries, of_imports, of_orphans):
        part(audit, things)
    findings = audit.findings()
    assert not findings, "\n".join(findings)
