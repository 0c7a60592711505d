"""Event data stores, channels, policies and dashboards through boto3: each operation through its states, and each refusal."""

import datetime
import itertools
import json

import pytest
from botocore.exceptions import ClientError

from logs import PREFIX_OF_OLD_SDKS, call
from server import ACCOUNT

NAMES = itertools.count()
NOWHERE = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:eventdatastore/01234567-89ab-cdef-0123-456789abcdef"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/lake"
MANAGEMENT = [{"Name": "Default management events",
               "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]


def only(category):
    return [{"FieldSelectors": [{"Field": "eventCategory", "Equals": [category]}]}]


def fresh_name(word="store"):
    return f"{word}-{next(NAMES)}"


@pytest.fixture
def lake(shared):
    """A client that leaves checks to the server, in a Region of its own: ten stores are all that a Region may have."""
    return shared.boto("cloudtrail", f"test-region-{next(NAMES)}", parameter_validation=False)


def store(lake, **settings):
    settings = {"Name": fresh_name(), "TerminationProtectionEnabled": False} | settings
    return lake.create_event_data_store(**settings)["EventDataStoreArn"]


def outside_store(lake):
    """A store for events from outside of AWS."""
    return store(lake, AdvancedEventSelectors=only("ActivityAuditLog"), MultiRegionEnabled=False)


def status(lake, arn):
    return lake.get_event_data_store(EventDataStore=arn)["Status"]


def refused(call, code, **arguments):
    """The text with which a call is refused."""
    with pytest.raises(ClientError) as error:
        call(**arguments)
    answer = error.value.response
    assert answer["Error"]["Code"] == code, answer
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 400
    return answer["Error"]["Message"]


def plain(answer):
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


# Event data stores


def test_defaults(lake):
    name = fresh_name()
    created = plain(lake.create_event_data_store(Name=name))
    arn, at = created.pop("EventDataStoreArn"), created.pop("CreatedTimestamp")
    assert created.pop("UpdatedTimestamp") == at
    assert abs(datetime.datetime.now(datetime.timezone.utc) - at) < datetime.timedelta(minutes=1)
    settings = {
        "Name": name, "AdvancedEventSelectors": MANAGEMENT, "MultiRegionEnabled": True, "OrganizationEnabled": False,
        "RetentionPeriod": 366, "TerminationProtectionEnabled": True, "BillingMode": "EXTENDABLE_RETENTION_PRICING"}
    assert created == settings | {"Status": "CREATED"}
    shown = plain(lake.get_event_data_store(EventDataStore=arn))
    for timestamp in ("CreatedTimestamp", "UpdatedTimestamp"):
        assert shown.pop(timestamp) == at
    assert shown == settings | {
        "EventDataStoreArn": arn, "Status": "ENABLED", "FederationStatus": "DISABLED",
        "PartitionKeys": [{"Name": "day", "Type": "string"}]}
    assert plain(lake.get_event_data_store(EventDataStore=arn.split("/")[1])) == plain(
        lake.get_event_data_store(EventDataStore=arn))
    assert lake.list_event_data_stores()["EventDataStores"] == [{"EventDataStoreArn": arn, "Name": name}]


def test_empty_answers_are_two_bytes(shared):
    lake = shared.boto("cloudtrail")
    arn = store(lake)
    for operation in ("StopEventDataStoreIngestion", "StartEventDataStoreIngestion", "DeleteEventDataStore"):
        assert call(shared, operation, {"EventDataStore": arn}, prefix=PREFIX_OF_OLD_SDKS) == (200, "{}")


def test_the_life_of_a_store(lake):
    arn = store(lake, TerminationProtectionEnabled=True)
    assert status(lake, arn) == "ENABLED"
    refused(lake.restore_event_data_store, "InvalidEventDataStoreStatusException", EventDataStore=arn)
    refused(lake.start_event_data_store_ingestion, "InvalidEventDataStoreStatusException", EventDataStore=arn)
    lake.stop_event_data_store_ingestion(EventDataStore=arn)
    assert status(lake, arn) == "STOPPED_INGESTION"
    refused(lake.stop_event_data_store_ingestion, "InvalidEventDataStoreStatusException", EventDataStore=arn)

    refused(lake.delete_event_data_store, "EventDataStoreTerminationProtectedException", EventDataStore=arn)
    lake.update_event_data_store(EventDataStore=arn, TerminationProtectionEnabled=False)
    federated = plain(lake.enable_federation(EventDataStore=arn, FederationRoleArn=ROLE))
    assert federated == {"EventDataStoreArn": arn, "FederationStatus": "ENABLED", "FederationRoleArn": ROLE}
    refused(lake.enable_federation, "EventDataStoreFederationEnabledException", EventDataStore=arn, FederationRoleArn=ROLE)
    refused(lake.delete_event_data_store, "EventDataStoreFederationEnabledException", EventDataStore=arn)
    unfederated = plain(lake.disable_federation(EventDataStore=arn))
    assert unfederated == {"EventDataStoreArn": arn, "FederationStatus": "DISABLED"}

    lake.delete_event_data_store(EventDataStore=arn)
    assert status(lake, arn) == "PENDING_DELETION"
    inactive = "InactiveEventDataStoreException"
    refused(lake.delete_event_data_store, inactive, EventDataStore=arn)
    refused(lake.update_event_data_store, inactive, EventDataStore=arn, RetentionPeriod=7)
    refused(lake.enable_federation, inactive, EventDataStore=arn, FederationRoleArn=ROLE)
    refused(lake.disable_federation, inactive, EventDataStore=arn)
    refused(lake.add_tags, inactive, ResourceId=arn, TagsList=[{"Key": "a"}])
    refused(lake.remove_tags, inactive, ResourceId=arn, TagsList=[{"Key": "a"}])
    refused(lake.list_tags, inactive, ResourceIdList=[arn])
    refused(lake.put_event_configuration, inactive, EventDataStore=arn, MaxEventSize="Large")
    refused(lake.start_event_data_store_ingestion, "InvalidEventDataStoreStatusException", EventDataStore=arn)
    refused(lake.stop_event_data_store_ingestion, "InvalidEventDataStoreStatusException", EventDataStore=arn)

    assert lake.restore_event_data_store(EventDataStore=arn)["Status"] == "STOPPED_INGESTION"
    lake.start_event_data_store_ingestion(EventDataStore=arn)
    assert status(lake, arn) == "ENABLED"


def test_a_store_is_updated(lake):
    arn = store(lake, RetentionPeriod=100)
    selectors = [{"Name": "writes of buckets", "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "readOnly", "Equals": ["false"]}, {"Field": "userIdentity.arn", "NotEndsWith": ["/robot"]}]}]
    updated = lake.update_event_data_store(
        EventDataStore=arn, Name=fresh_name("renamed"), AdvancedEventSelectors=selectors, MultiRegionEnabled=False,
        RetentionPeriod=8, TerminationProtectionEnabled=True)
    assert updated["AdvancedEventSelectors"] == selectors
    assert (updated["MultiRegionEnabled"], updated["RetentionPeriod"], updated["TerminationProtectionEnabled"]) == (False, 8, True)
    assert updated["UpdatedTimestamp"] >= updated["CreatedTimestamp"]
    shown = lake.get_event_data_store(EventDataStore=arn)
    assert {name: shown[name] for name in plain(updated)} == plain(updated)
    fixed = store(lake, BillingMode="FIXED_RETENTION_PRICING")
    refused(lake.update_event_data_store, "InvalidParameterException", EventDataStore=fixed, RetentionPeriod=2558)
    extended = lake.update_event_data_store(EventDataStore=fixed, BillingMode="EXTENDABLE_RETENTION_PRICING", RetentionPeriod=3653)
    assert extended["RetentionPeriod"] == 3653
    refused(lake.update_event_data_store, "InvalidParameterException", EventDataStore=fixed, BillingMode="FIXED_RETENTION_PRICING")


def test_creation_and_update_are_refused(lake):
    taken = fresh_name("taken")
    arn = store(lake, Name=taken)
    other = store(lake)
    both = {
        "EventDataStoreAlreadyExistsException": [{"Name": taken}],
        "InvalidEventSelectorsException": [
            {"AdvancedEventSelectors": []}, {"AdvancedEventSelectors": only("Management") * 6},
            {"AdvancedEventSelectors": only("Insight") + only("Management")}, {"AdvancedEventSelectors": only("Nonsense")}],
        "InvalidParameterException": [{"RetentionPeriod": 6}, {"RetentionPeriod": 3654}],
        "OrganizationsNotInUseException": [{"OrganizationEnabled": True}],
        "InsufficientEncryptionPolicyException": [{"KmsKeyId": "alias/missing"}],
        "KmsKeyNotFoundException": [{"KmsKeyId": "not-a-key"}],
    }
    for code, cases in both.items():
        for case in cases:
            refused(lake.create_event_data_store, code, **({"Name": fresh_name()} | case))
            refused(lake.update_event_data_store, code, EventDataStore=other, **case)
    for case in (
        {"AdvancedEventSelectors": only("ActivityAuditLog")},
        {"AdvancedEventSelectors": only("Insight"), "StartIngestion": False},
        {"BillingMode": "FIXED_RETENTION_PRICING", "RetentionPeriod": 2558},
    ):
        refused(lake.create_event_data_store, "InvalidParameterException", Name=fresh_name(), **case)
    for tags in ([{"Key": "aws:x"}], [{"Key": "a"}, {"Key": "a"}], [{"Key": f"k{n}"} for n in range(51)]):
        refused(lake.create_event_data_store, "InvalidTagParameterException", Name=fresh_name(), TagsList=tags)
    refused(lake.update_event_data_store, "InvalidParameterException", EventDataStore=arn)
    refused(lake.update_event_data_store, "InvalidEventSelectorsException", EventDataStore=arn,
            AdvancedEventSelectors=only("ConfigurationItem"))


def test_ten_stores_in_a_region(lake):
    arns = [store(lake) for _ in range(10)]
    lake.delete_event_data_store(EventDataStore=arns[0])
    refused(lake.create_event_data_store, "EventDataStoreMaxLimitExceededException", Name=fresh_name())
    listed, token = [], {}
    while True:
        page = lake.list_event_data_stores(MaxResults=3, **token)
        listed += [item["EventDataStoreArn"] for item in page["EventDataStores"]]
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    assert listed == arns
    refused(lake.list_event_data_stores, "InvalidNextTokenException", NextToken="none-of-ours")
    refused(lake.list_event_data_stores, "InvalidMaxResultsException", MaxResults=1001)


def test_stores_that_are_not_there(shared, lake):
    region = lake.meta.region_name
    nowhere = NOWHERE.replace("us-east-1", region)
    arn = store(lake)
    calls = [
        (lake.get_event_data_store, {}), (lake.update_event_data_store, {"RetentionPeriod": 7}),
        (lake.delete_event_data_store, {}), (lake.restore_event_data_store, {}),
        (lake.start_event_data_store_ingestion, {}), (lake.stop_event_data_store_ingestion, {}),
        (lake.enable_federation, {"FederationRoleArn": ROLE}), (lake.disable_federation, {}),
        (lake.put_event_configuration, {"MaxEventSize": "Large"}), (lake.get_event_configuration, {}),
    ]
    for operation, more in calls:
        refused(operation, "EventDataStoreNotFoundException", EventDataStore=nowhere, **more)
        refused(operation, "EventDataStoreNotFoundException", EventDataStore=NOWHERE.split("/")[1], **more)
        refused(operation, "EventDataStoreARNInvalidException", EventDataStore="no-id", **more)
        refused(operation, "EventDataStoreARNInvalidException", EventDataStore=arn.replace(ACCOUNT, "210987654321"), **more)
    elsewhere = shared.boto("cloudtrail", "eu-west-1")
    refused(elsewhere.get_event_data_store, "EventDataStoreNotFoundException", EventDataStore=arn)
    refused(lake.get_event_data_store, "ValidationException", EventDataStore="ab")


def test_only_some_categories_stop(lake):
    for category in ("Insight", "Evidence"):
        arn = store(lake, AdvancedEventSelectors=only(category))
        for operation in (lake.stop_event_data_store_ingestion, lake.start_event_data_store_ingestion):
            refused(operation, "InvalidEventDataStoreCategoryException", EventDataStore=arn)
    items = store(lake, AdvancedEventSelectors=only("ConfigurationItem"), StartIngestion=False)
    assert status(lake, items) == "STOPPED_INGESTION"
    lake.start_event_data_store_ingestion(EventDataStore=items)


def test_insights_and_event_configuration(lake):
    source, destination = store(lake), store(lake, AdvancedEventSelectors=only("Insight"))
    refused(lake.get_insight_selectors, "InsightNotEnabledException", EventDataStore=source)
    selectors = [{"InsightType": "ApiErrorRateInsight", "EventCategories": ["Management"]}]
    put = plain(lake.put_insight_selectors(EventDataStore=source, InsightsDestination=destination, InsightSelectors=selectors))
    assert put == {"EventDataStoreArn": source, "InsightsDestination": destination, "InsightSelectors": selectors}
    assert plain(lake.get_insight_selectors(EventDataStore=source)) == put
    refused(lake.put_insight_selectors, "InvalidParameterException", EventDataStore=source, InsightsDestination=source,
            InsightSelectors=selectors)
    data = [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]}]}]
    refused(lake.update_event_data_store, "InvalidInsightSelectorsException", EventDataStore=source, AdvancedEventSelectors=data)
    lake.put_insight_selectors(EventDataStore=source, InsightSelectors=[])
    refused(lake.get_insight_selectors, "InsightNotEnabledException", EventDataStore=source)

    keys = [{"Type": "TagContext", "Equals": ["team"]}]
    refused(lake.put_event_configuration, "InvalidParameterCombinationException", EventDataStore=source, ContextKeySelectors=keys)
    lake.put_event_configuration(EventDataStore=source, MaxEventSize="Large", ContextKeySelectors=keys)
    assert plain(lake.get_event_configuration(EventDataStore=source)) == {
        "EventDataStoreArn": source, "MaxEventSize": "Large", "ContextKeySelectors": keys}
    refused(lake.put_event_configuration, "InvalidEventDataStoreCategoryException", EventDataStore=destination, MaxEventSize="Large")


def test_tags_of_stores(lake):
    arn = store(lake, TagsList=[{"Key": "team", "Value": "blue"}])
    lake.add_tags(ResourceId=arn, TagsList=[{"Key": "team", "Value": "red"}, {"Key": "stage", "Value": "test"}])
    lake.remove_tags(ResourceId=arn, TagsList=[{"Key": "stage"}])
    assert lake.list_tags(ResourceIdList=[arn])["ResourceTagList"] == [
        {"ResourceId": arn, "TagsList": [{"Key": "team", "Value": "red"}]}]
    refused(lake.add_tags, "TagsLimitExceededException", ResourceId=arn, TagsList=[{"Key": f"k{n}"} for n in range(50)])
    refused(lake.add_tags, "EventDataStoreNotFoundException", ResourceId=NOWHERE, TagsList=[{"Key": "a"}])


def test_a_restart_changes_nothing(fresh):
    lake = fresh.boto("cloudtrail")
    enabled, stopped, pending = store(lake), store(lake), store(lake)
    lake.stop_event_data_store_ingestion(EventDataStore=stopped)
    lake.delete_event_data_store(EventDataStore=pending)
    before = [plain(lake.get_event_data_store(EventDataStore=arn)) for arn in (enabled, stopped, pending)]
    fresh.kill()
    fresh.start()
    assert [plain(lake.get_event_data_store(EventDataStore=arn)) for arn in (enabled, stopped, pending)] == before
    assert [shown["Status"] for shown in before] == ["ENABLED", "STOPPED_INGESTION", "PENDING_DELETION"]


# Channels


def test_the_life_of_a_channel(lake):
    one, two = outside_store(lake), outside_store(lake)
    name = fresh_name("channel")
    destinations = [{"Type": "EVENT_DATA_STORE", "Location": one}]
    created = plain(lake.create_channel(Name=name, Source="Custom", Destinations=destinations, Tags=[{"Key": "a"}]))
    arn = created.pop("ChannelArn")
    assert created == {"Name": name, "Source": "Custom", "Destinations": destinations, "Tags": [{"Key": "a"}]}
    assert plain(lake.get_channel(Channel=arn)) == {
        "ChannelArn": arn, "Name": name, "Source": "Custom", "Destinations": destinations}
    assert lake.list_channels()["Channels"] == [{"ChannelArn": arn, "Name": name}]
    refused(lake.delete_event_data_store, "ChannelExistsForEDSException", EventDataStore=one)
    elsewhere = [{"Type": "EVENT_DATA_STORE", "Location": two}]
    assert lake.update_channel(Channel=arn, Name="renamed", Destinations=elsewhere)["Destinations"] == elsewhere
    lake.delete_event_data_store(EventDataStore=one)
    lake.delete_channel(Channel=arn.split("/")[1])
    for operation in (lake.get_channel, lake.delete_channel):
        refused(operation, "ChannelNotFoundException", Channel=arn)
        refused(operation, "ChannelARNInvalidException", Channel="no-channel")
    refused(lake.update_channel, "ChannelNotFoundException", Channel=arn, Name="x-y-z")
    refused(lake.add_tags, "ChannelNotFoundException", ResourceId=arn, TagsList=[{"Key": "a"}])


def test_channels_are_refused(lake):
    events, outside, pending = store(lake), outside_store(lake), outside_store(lake)
    lake.delete_event_data_store(EventDataStore=pending)
    to = lambda *arns: [{"Type": "EVENT_DATA_STORE", "Location": arn} for arn in arns]
    lake.create_channel(Name="taken", Source="Custom", Destinations=to(outside))
    nowhere = NOWHERE.replace("us-east-1", lake.meta.region_name)
    for code, name, source, destinations in (
        ("ChannelAlreadyExistsException", "taken", "GitHub", to(outside)),
        ("ChannelMaxLimitExceededException", "other", "Custom", to(outside)),
        ("InvalidSourceException", "other", "Nobody", to(outside)),
        ("InvalidEventDataStoreCategoryException", "other", "GitHub", to(events)),
        ("InactiveEventDataStoreException", "other", "GitHub", to(pending)),
        ("EventDataStoreNotFoundException", "other", "GitHub", to(nowhere)),
        ("EventDataStoreARNInvalidException", "other", "GitHub", to("no-store")),
        ("InvalidParameterException", "other", "GitHub", to(outside, outside)),
    ):
        refused(lake.create_channel, code, Name=name, Source=source, Destinations=destinations)
    refused(lake.create_channel, "InvalidTagParameterException", Name="other", Source="GitHub", Destinations=to(outside),
            Tags=[{"Key": "aws:x"}])
    refused(lake.create_channel, "TagsLimitExceededException", Name="other", Source="GitHub", Destinations=to(outside),
            Tags=[{"Key": f"k{n}"} for n in range(51)])
    refused(lake.list_channels, "InvalidNextTokenException", NextToken="none-of-ours")


# Resource policies


def policy(arn, account, action):
    return json.dumps({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{account}:root"}, "Action": action, "Resource": arn}]})


def test_a_policy_lets_another_account_see_a_store(shared, lake):
    arn = store(lake)
    made = json.loads(shared.cli("key", "create", "--account", "210987654321", "--json").stdout)
    key = (made["AccessKeyId"], made["SecretAccessKey"], None)
    stranger = shared.boto("cloudtrail", lake.meta.region_name, key=key)
    refused(stranger.get_event_data_store, "EventDataStoreARNInvalidException", EventDataStore=arn)
    for operation in (lake.get_resource_policy, lake.delete_resource_policy):
        refused(operation, "ResourcePolicyNotFoundException", ResourceArn=arn)
    text = policy(arn, "210987654321", "cloudtrail:GetEventDataStore")
    assert lake.put_resource_policy(ResourceArn=arn, ResourcePolicy=text)["ResourcePolicy"] == text
    assert plain(lake.get_resource_policy(ResourceArn=arn)) == {"ResourceArn": arn, "ResourcePolicy": text}
    assert stranger.get_event_data_store(EventDataStore=arn)["EventDataStoreArn"] == arn
    refused(stranger.delete_event_data_store, "EventDataStoreARNInvalidException", EventDataStore=arn)
    lake.delete_resource_policy(ResourceArn=arn)
    refused(stranger.get_event_data_store, "EventDataStoreARNInvalidException", EventDataStore=arn)


def test_policies_are_refused(shared, lake):
    arn = store(lake)
    for text in ("{", "{}", policy(arn, ACCOUNT, "cloudtrail:DeleteEventDataStore"), policy("*", ACCOUNT, "cloudtrail:StartQuery")):
        refused(lake.put_resource_policy, "ResourcePolicyNotValidException", ResourceArn=arn, ResourcePolicy=text)
    trail = f"arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/any"
    for code, resource in (("ResourceTypeNotSupportedException", trail), ("ResourceARNNotValidException", NOWHERE),
                           ("ResourceARNNotValidException", "no-arn")):
        refused(lake.put_resource_policy, code, ResourceArn=resource, ResourcePolicy="{}")
        refused(lake.get_resource_policy, code, ResourceArn=resource)
        refused(lake.delete_resource_policy, code, ResourceArn=resource)


# Dashboards


def test_the_life_of_a_dashboard(lake):
    events = store(lake)
    name = fresh_name("dashboard")
    widget = {
        "QueryStatement": f"SELECT awsRegion, count(*) AS n FROM {events.split('/')[1]} WHERE eventTime > '?' GROUP BY awsRegion",
        "QueryParameters": ["$StartTime$"], "ViewProperties": {"View": "PieChart", "Title": "Regions"}}
    schedule = {"Frequency": {"Unit": "HOURS", "Value": 12}, "Status": "ENABLED", "TimeOfDay": "00:15"}
    created = plain(lake.create_dashboard(Name=name, Widgets=[widget], RefreshSchedule=schedule, TerminationProtectionEnabled=True,
                                          TagsList=[{"Key": "a", "Value": "b"}]))
    arn = created["DashboardArn"]
    assert arn.endswith(f":dashboard/{name}")
    alias = created["Widgets"][0].pop("QueryAlias")
    assert alias and created["Widgets"] == [widget]
    assert (created["Type"], created["RefreshSchedule"], created["TerminationProtectionEnabled"]) == ("CUSTOM", schedule, True)
    shown = lake.get_dashboard(DashboardId=arn)
    assert (shown["Status"], shown["Widgets"]) == ("CREATED", [widget | {"QueryAlias": alias}])
    refused(lake.create_dashboard, "ConflictException", Name=name)
    refused(lake.delete_dashboard, "ConflictException", DashboardId=arn)
    updated = lake.update_dashboard(DashboardId=name, TerminationProtectionEnabled=False, Widgets=[])
    assert (updated["Widgets"], updated["RefreshSchedule"]) == ([], schedule)
    assert lake.get_dashboard(DashboardId=arn)["Status"] == "UPDATED"
    lake.add_tags(ResourceId=arn, TagsList=[{"Key": "c"}])
    assert lake.list_tags(ResourceIdList=[arn])["ResourceTagList"][0]["TagsList"] == [{"Key": "a", "Value": "b"}, {"Key": "c"}]
    assert [it["DashboardArn"] for it in lake.list_dashboards(Type="CUSTOM")["Dashboards"]] == [arn]
    lake.delete_dashboard(DashboardId=arn)
    for operation in (lake.get_dashboard, lake.update_dashboard, lake.delete_dashboard):
        refused(operation, "ResourceNotFoundException", DashboardId=arn)
    refused(lake.add_tags, "ResourceNotFoundException", ResourceId=arn, TagsList=[{"Key": "a"}])


def test_managed_dashboards(lake):
    managed = lake.list_dashboards(Type="MANAGED")["Dashboards"]
    assert len(managed) == 15
    overview = managed[0]["DashboardArn"]
    assert overview.endswith(":dashboard/AWSCloudTrail-Overview")
    assert lake.get_dashboard(DashboardId=overview)["Type"] == "MANAGED"
    refused(lake.delete_dashboard, "UnsupportedOperationException", DashboardId=overview)
    assert len(lake.list_dashboards(NamePrefix="AWSCloudTrail-S")["Dashboards"]) == 2


def test_dashboards_are_refused(lake):
    pending = store(lake)
    lake.delete_event_data_store(EventDataStore=pending)
    widget = lambda statement, *parameters: {"QueryStatement": statement, "ViewProperties": {}} | (
        {"QueryParameters": list(parameters)} if parameters else {})
    for code, widgets in (
        ("InvalidQueryStatementException", [widget("SELEKT 1")]),
        ("InvalidQueryStatementException", [widget("SELECT 1 FROM nothing")]),
        ("InvalidQueryStatementException", [widget("SELECT '?'")]),
        ("EventDataStoreNotFoundException", [widget(f"SELECT 1 FROM {NOWHERE.split('/')[1]}")]),
        ("InactiveEventDataStoreException", [widget(f"SELECT 1 FROM {pending.split('/')[1]}")]),
        ("ServiceQuotaExceededException", [widget("SELECT 1")] * 11),
    ):
        refused(lake.create_dashboard, code, Name="refused", Widgets=widgets)
    refused(lake.create_dashboard, "InvalidTagParameterException", Name="refused", TagsList=[{"Key": "aws:x"}])
    refused(lake.create_dashboard, "ValidationException", Name="refused", RefreshSchedule={"Frequency": {"Unit": "DAYS", "Value": 2}})
