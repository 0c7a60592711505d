"""Refreshes of dashboards, and sample queries, on records that the calls of the test have made."""

import itertools

import pytest

from logs import wait_until
from test_event_data_stores import refused, store
from test_queries import ended, filled, pages

NAMES = itertools.count()
RANGE = {"$StartTime$": "2020-01-01T00:00:00Z", "$EndTime$": "2100-01-01T00:00:00Z", "$Period$": "day"}


@pytest.fixture
def lake(shared):
    return shared.boto("cloudtrail", f"dashboard-region-{next(NAMES)}", parameter_validation=False)


def answer(lake, alias, refresh):
    """The rows of a widget, as dictionaries, once its query of the refresh has ended."""
    def check():
        described = lake.describe_query(QueryAlias=alias, RefreshId=refresh)
        return described if described["QueryStatus"] not in ("QUEUED", "RUNNING") else None

    described = wait_until(check, f"the end of {alias}")
    assert described["QueryStatus"] == "FINISHED", described
    return [{name: text for cell in row for name, text in cell.items()} for row in pages(lake, described["QueryId"])]


def test_every_managed_dashboard_is_answered(lake):
    arn, table = filled(lake)
    answers = {}
    for dashboard in lake.list_dashboards(Type="MANAGED")["Dashboards"]:
        name = dashboard["DashboardArn"].split("/")[1]
        if name == "AWSCloudTrail-InsightsEvents":
            continue
        values = RANGE | {"$EventDataStoreId$": table}
        refresh = lake.start_dashboard_refresh(DashboardId=name, QueryParameterValues=values)["RefreshId"]
        shown = lake.get_dashboard(DashboardId=name)
        assert shown["LastRefreshId"] == refresh and "LastRefreshFailureReason" not in shown
        for widget in shown["Widgets"]:
            answers[widget["QueryAlias"]] = answer(lake, widget["QueryAlias"], refresh)
    assert len(answers) > 90
    services = {row["service"]: int(row["eventCount"]) for row in answers["AWSCloudTrail-Overview-top-services"]}
    assert list(services) == ["cloudtrail"] and services["cloudtrail"] >= 5
    apis = {row["eventName"]: row["eventCount"] for row in answers["AWSCloudTrail-UserActivity-api-activity-trend"]}
    assert apis["DescribeTrails"] == "5"
    assert answers["AWSCloudTrail-Overview-top-throttled"] == []


def test_a_dashboard_of_ones_own(lake):
    arn, table = filled(lake)
    times = "eventTime > '?' AND eventTime < '?'"
    counts = {"QueryStatement": f"SELECT count(*) AS n FROM {table} WHERE {times} AND eventName = 'DescribeTrails'",
              "QueryParameters": ["$StartTime$", "$EndTime$"], "ViewProperties": {"View": "Table"}}
    periods = {"QueryStatement": f"SELECT DISTINCT date_trunc('?', eventTime) FROM {table}",
               "QueryParameters": ["$Period$"], "ViewProperties": {"View": "Table"}}
    wrong = {"QueryStatement": f"SELECT nothing FROM {table}", "ViewProperties": {"View": "Table"}}
    refused(lake.create_dashboard, "InvalidQueryStatementException", Name="wrong", Widgets=[wrong])
    made = lake.create_dashboard(Name="own", Widgets=[counts, periods])
    good, bad = (widget["QueryAlias"] for widget in made["Widgets"])
    values = {"$Period$": "fortnight"}
    refresh = lake.start_dashboard_refresh(DashboardId="own", QueryParameterValues=values)["RefreshId"]
    assert answer(lake, good, refresh) == [{"n": "5"}]
    wait_until(lambda: lake.describe_query(QueryAlias=bad, RefreshId=refresh)["QueryStatus"] == "FAILED", "the failure")
    failed = lake.describe_query(QueryAlias=bad, RefreshId=refresh)
    assert "fortnight" in failed["ErrorMessage"]
    started = lake.start_query(QueryAlias=good, QueryParameters=["2000-01-01", "2001-01-01"])["QueryId"]
    ended(lake, started)
    assert pages(lake, started) == [[{"n": "0"}]]
    lake.delete_event_data_store(EventDataStore=arn)
    refused(lake.start_dashboard_refresh, "InactiveEventDataStoreException", DashboardId="own")
    refused(lake.start_dashboard_refresh, "ResourceNotFoundException", DashboardId="another")


def test_sample_queries_run_as_they_are_found(lake):
    _, table = filled(lake)
    found = lake.search_sample_queries(SearchPhrase="Investigate user actions")
    results = found["SearchResults"]
    assert results[0]["Name"] == "Investigate user actions" and len(results) == 10
    # Some are about stores of other kinds.
    for result in (it for it in results if "eventData." not in it["SQL"]):
        query = lake.start_query(QueryStatement=result["SQL"].replace("$EDS_ID", table))["QueryId"]
        ended(lake, query)
    more = lake.search_sample_queries(SearchPhrase="Investigate user actions", NextToken=found["NextToken"])
    assert not {it["Name"] for it in more["SearchResults"]} & {it["Name"] for it in results}
    refused(lake.search_sample_queries, "ValidationException", SearchPhrase="로그인 실패")
    refused(lake.generate_query, "UnsupportedOperationException", EventDataStores=[store(lake)], Prompt="who was it?")


def test_a_refresh_that_is_cut_off_fails_and_can_be_repeated(fresh):
    lake = fresh.boto("cloudtrail", parameter_validation=False)
    _, table = filled(lake)
    numbers = "UNNEST(sequence(1, 10000))"
    endless = f"SELECT count(*) FROM {table}, {numbers} AS a (x), {numbers} AS b (y), {numbers} AS c (z)"
    made = lake.create_dashboard(Name="endless", Widgets=[{"QueryStatement": endless, "ViewProperties": {}}])
    widget = {"QueryAlias": made["Widgets"][0]["QueryAlias"]}
    cut = lake.start_dashboard_refresh(DashboardId="endless")["RefreshId"]
    refused(lake.start_dashboard_refresh, "ServiceQuotaExceededException", DashboardId="endless")
    fresh.kill()
    fresh.start()
    lake = fresh.boto("cloudtrail", parameter_validation=False)
    described = lake.describe_query(**widget, RefreshId=cut)
    assert described["QueryStatus"] == "FAILED" and "stopped before" in described["ErrorMessage"]
    again = lake.start_dashboard_refresh(DashboardId="endless")["RefreshId"]
    assert lake.get_dashboard(DashboardId="endless")["LastRefreshId"] == again != cut
    lake.cancel_query(QueryId=lake.describe_query(**widget, RefreshId=again)["QueryId"])
