// Event data stores, channels, resource policies and dashboards: each operation once with success, and the refusals that the
// SDK has classes for.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ACCOUNT, HOME, call, refused, unique } from "./support.mjs";

const only = (category) => [{ FieldSelectors: [{ Field: "eventCategory", Equals: [category] }] }];

/** A store that is deleted after the test. */
async function makeStore(test, input = {}) {
  const settings = { Name: unique("js-store"), TerminationProtectionEnabled: false, ...input };
  const store = await call("CreateEventDataStore", settings);
  test.after(() => call("DeleteEventDataStore", { EventDataStore: store.EventDataStoreArn }).catch(() => {}));
  return store;
}

test("an event data store lives, rests, goes and comes back", async (t) => {
  const { EventDataStoreArn: EventDataStore, Name, Status } = await makeStore(t);
  assert.equal(Status, "CREATED");
  const status = async () => (await call("GetEventDataStore", { EventDataStore })).Status;
  assert.equal(await status(), "ENABLED");
  const { EventDataStores } = await call("ListEventDataStores", {});
  assert.ok(EventDataStores.some((store) => store.EventDataStoreArn === EventDataStore && store.Name === Name));
  assert.equal((await call("UpdateEventDataStore", { EventDataStore, RetentionPeriod: 30 })).RetentionPeriod, 30);
  await call("StopEventDataStoreIngestion", { EventDataStore });
  assert.equal(await status(), "STOPPED_INGESTION");
  assert.equal((await refused("StopEventDataStoreIngestion", { EventDataStore }))[0], "InvalidEventDataStoreStatusException");
  await call("StartEventDataStoreIngestion", { EventDataStore });
  const FederationRoleArn = `arn:aws:iam::${ACCOUNT}:role/lake`;
  assert.equal((await call("EnableFederation", { EventDataStore, FederationRoleArn })).FederationStatus, "ENABLED");
  assert.equal((await refused("DeleteEventDataStore", { EventDataStore }))[0], "EventDataStoreFederationEnabledException");
  assert.equal((await call("DisableFederation", { EventDataStore })).FederationStatus, "DISABLED");
  await call("DeleteEventDataStore", { EventDataStore });
  assert.equal(await status(), "PENDING_DELETION");
  assert.equal((await refused("UpdateEventDataStore", { EventDataStore, Name }))[0], "InactiveEventDataStoreException");
  assert.equal((await call("RestoreEventDataStore", { EventDataStore })).Status, "ENABLED");
});

test("the events of a store are configured", async (t) => {
  const { EventDataStoreArn: EventDataStore } = await makeStore(t);
  const ContextKeySelectors = [{ Type: "TagContext", Equals: ["team"] }];
  const settings = { MaxEventSize: "Large", ContextKeySelectors };
  const put = await call("PutEventConfiguration", { EventDataStore, ...settings });
  assert.deepEqual(put, { EventDataStoreArn: EventDataStore, ...settings });
  assert.deepEqual(await call("GetEventConfiguration", { EventDataStore }), put);
});

test("a channel leads into a store for events from outside of AWS", async (t) => {
  const { EventDataStoreArn: Location } = await makeStore(t, {
    AdvancedEventSelectors: only("ActivityAuditLog"),
    MultiRegionEnabled: false,
  });
  const Destinations = [{ Type: "EVENT_DATA_STORE", Location }];
  const Name = unique("js-channel");
  const { ChannelArn: Channel } = await call("CreateChannel", { Name, Source: "OneLogin", Destinations });
  assert.deepEqual(await call("GetChannel", { Channel }), { ChannelArn: Channel, Name, Source: "OneLogin", Destinations });
  assert.ok((await call("ListChannels", {})).Channels.some((channel) => channel.ChannelArn === Channel));
  const again = { Name: unique("js-channel"), Source: "OneLogin", Destinations };
  assert.equal((await refused("CreateChannel", again))[0], "ChannelMaxLimitExceededException");
  assert.equal((await refused("DeleteEventDataStore", { EventDataStore: Location }))[0], "ChannelExistsForEDSException");
  assert.equal((await call("UpdateChannel", { Channel, Name: `${Name}-2` })).Name, `${Name}-2`);
  assert.deepEqual(await call("DeleteChannel", { Channel }), {});
  assert.equal((await refused("GetChannel", { Channel }))[0], "ChannelNotFoundException");
});

test("a store has a policy", async (t) => {
  const { EventDataStoreArn: ResourceArn } = await makeStore(t);
  assert.equal((await refused("GetResourcePolicy", { ResourceArn }))[0], "ResourcePolicyNotFoundException");
  const Principal = { AWS: "arn:aws:iam::210987654321:root" };
  const Statement = [{ Effect: "Allow", Principal, Action: "cloudtrail:StartQuery", Resource: ResourceArn }];
  const ResourcePolicy = JSON.stringify({ Version: "2012-10-17", Statement });
  assert.deepEqual(await call("PutResourcePolicy", { ResourceArn, ResourcePolicy }), { ResourceArn, ResourcePolicy });
  assert.deepEqual(await call("GetResourcePolicy", { ResourceArn }), { ResourceArn, ResourcePolicy });
  assert.deepEqual(await call("DeleteResourcePolicy", { ResourceArn }), {});
  const bad = { ResourceArn, ResourcePolicy: "{}" };
  assert.equal((await refused("PutResourcePolicy", bad))[0], "ResourcePolicyNotValidException");
});

test("a dashboard is made, changed and deleted", async () => {
  const Name = unique("js-dashboard");
  const Widgets = [{ QueryStatement: "SELECT '?' AS day", QueryParameters: ["$StartTime$"], ViewProperties: { View: "Table" } }];
  const created = await call("CreateDashboard", { Name, Widgets });
  const DashboardId = created.DashboardArn;
  assert.equal(DashboardId, `arn:aws:cloudtrail:${HOME}:${ACCOUNT}:dashboard/${Name}`);
  assert.deepEqual((await call("GetDashboard", { DashboardId })).Widgets, created.Widgets);
  const RefreshSchedule = { Frequency: { Unit: "DAYS", Value: 1 }, Status: "ENABLED", TimeOfDay: "06:00" };
  assert.deepEqual((await call("UpdateDashboard", { DashboardId, RefreshSchedule })).RefreshSchedule, RefreshSchedule);
  const { Dashboards } = await call("ListDashboards", {});
  assert.ok(Dashboards.some(({ DashboardArn, Type }) => DashboardArn === DashboardId && Type === "CUSTOM"));
  assert.ok(Dashboards.some(({ Type }) => Type === "MANAGED"));
  const { RefreshId } = await call("StartDashboardRefresh", { DashboardId });
  assert.match(RefreshId, /^[0-9]{10,20}$/);
  assert.equal((await call("GetDashboard", { DashboardId })).LastRefreshId, RefreshId);
  const [{ QueryAlias }] = created.Widgets;
  assert.match((await call("DescribeQuery", { QueryAlias, RefreshId })).QueryString, /^SELECT '[0-9].*' AS day$/);
  const named = { DashboardId: "AWSCloudTrail-Overview" };
  assert.equal((await refused("StartDashboardRefresh", named))[0], "ValidationException");
  assert.deepEqual(await call("DeleteDashboard", { DashboardId }), {});
  assert.equal((await refused("GetDashboard", { DashboardId }))[0], "ResourceNotFoundException");
});

test("a store is asked in SQL", async (t) => {
  const { EventDataStoreArn: EventDataStore } = await makeStore(t);
  const table = EventDataStore.split("/")[1];
  const { QueryId } = await call("StartQuery", { QueryStatement: `SELECT count(*) AS n FROM ${table}` });
  for (;;) {
    const { QueryStatus } = await call("DescribeQuery", { QueryId });
    if (QueryStatus === "FINISHED") break;
    assert.ok(["QUEUED", "RUNNING"].includes(QueryStatus), QueryStatus);
    await new Promise((done) => setTimeout(done, 50));
  }
  const { QueryResultRows } = await call("GetQueryResults", { QueryId });
  assert.match(QueryResultRows[0][0].n, /^[0-9]+$/);
  assert.ok((await call("ListQueries", { EventDataStore })).Queries.some((query) => query.QueryId === QueryId));
  assert.equal((await refused("CancelQuery", { QueryId }))[0], "InactiveQueryException");
});

test("queries to begin with are found, and none is made from a prompt", async (t) => {
  const { SearchResults } = await call("SearchSampleQueries", { SearchPhrase: "root user activity", MaxResults: 3 });
  assert.equal(SearchResults.length, 3);
  assert.equal(SearchResults[0].Name, "See everything the root user did");
  assert.ok(SearchResults[0].Relevance > 0 && SearchResults[0].Relevance <= 1);
  const { EventDataStoreArn } = await makeStore(t);
  const prompt = { EventDataStores: [EventDataStoreArn], Prompt: "What did root do?" };
  const [code, message] = await refused("GenerateQuery", prompt);
  assert.equal(code, "UnsupportedOperationException");
  assert.match(message, /SearchSampleQueries/);
});

test("log files are imported into a store", async (t) => {
  const { EventDataStoreArn } = await makeStore(t);
  const S3 = {
    S3LocationUri: "s3://no-such-bucket-of-ours/CloudTrail/", S3BucketRegion: HOME,
    S3BucketAccessRoleArn: `arn:aws:iam::${ACCOUNT}:role/reader`,
  };
  const request = { Destinations: [EventDataStoreArn], ImportSource: { S3 } };
  assert.equal((await refused("StartImport", request))[0], "InvalidImportSourceException");
  const ImportId = "01234567-89ab-cdef-0123-456789abcdef";
  assert.equal((await refused("GetImport", { ImportId }))[0], "ImportNotFoundException");
  assert.equal((await refused("StopImport", { ImportId }))[0], "ImportNotFoundException");
  assert.equal((await refused("ListImportFailures", { ImportId }))[0], "InvalidParameterException");
  assert.deepEqual(await call("ListImports", { Destination: EventDataStoreArn }), { Imports: [] });
});
