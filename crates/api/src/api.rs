//! The service: what the operations need, and which method is which operation.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use opentrail_blob::Buckets;
use opentrail_catalog::Catalog;
use opentrail_stdx::{Clock, Entropy};
use opentrail_wire::{CloudTrail, shapes};

use crate::error::QueryError;
use crate::{Caller, Copies, Error, History, Queries, op};

/// Where the journal ends: the position that its next record will have.
///
/// A change of a trail or an event data store judges the records from there on.
pub trait JournalEnd: Send + Sync + fmt::Debug {
    /// The position after the last durable record.
    fn end(&self) -> u64;
}

/// CloudTrail's operations on a catalog.
#[derive(Debug, Clone)]
pub struct Api {
    /// What is configured.
    pub catalog: Catalog,
    /// The buckets that trails may name.
    pub buckets: Arc<dyn Buckets>,
    /// Where changes of trails and event data stores come into force.
    pub journal: Arc<dyn JournalEnd>,
    /// Where Event history is read.
    pub history: Arc<dyn History>,
    /// Where queries run.
    pub queries: Arc<dyn Queries>,
    /// Where imports run.
    pub copies: Arc<dyn Copies>,
    /// Now.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub entropy: Arc<dyn Entropy>,
}

type Answer<T> = Result<T, opentrail_wire::Error>;

/// Logs what an operator must know of a failed call, and turns it into what its caller reads.
fn refuse(error: Error) -> opentrail_wire::Error {
    match &error {
        Error::Catalog(source) => tracing::error!(error = source as &dyn std::error::Error, "the catalog failed"),
        Error::History(source) => {
            tracing::error!(error = source as &dyn std::error::Error, "event history could not be read");
        }
        Error::Query(QueryError::Result(source)) => {
            tracing::error!(error = source as &dyn std::error::Error, "the result of a query could not be read");
        }
        Error::BucketUnavailable { bucket, source } => {
            tracing::warn!(bucket, error = source as &dyn std::error::Error, "a bucket could not be checked");
        }
        _ => {}
    }
    error.into()
}

macro_rules! operations {
    ($($method:ident($input:ident) -> $output:ident;)+) => {
        #[async_trait]
        impl CloudTrail for Api {
            type Context = Caller;

            $(async fn $method(&self, caller: &Caller, input: shapes::$input) -> Answer<shapes::$output> {
                op::$method::$method(self, caller, input).await.map_err(refuse)
            })+
        }
    };
}

operations! {
    create_trail(CreateTrailRequest) -> CreateTrailResponse;
    update_trail(UpdateTrailRequest) -> UpdateTrailResponse;
    delete_trail(DeleteTrailRequest) -> DeleteTrailResponse;
    get_trail(GetTrailRequest) -> GetTrailResponse;
    describe_trails(DescribeTrailsRequest) -> DescribeTrailsResponse;
    list_trails(ListTrailsRequest) -> ListTrailsResponse;
    get_trail_status(GetTrailStatusRequest) -> GetTrailStatusResponse;
    start_logging(StartLoggingRequest) -> StartLoggingResponse;
    stop_logging(StopLoggingRequest) -> StopLoggingResponse;
    put_event_selectors(PutEventSelectorsRequest) -> PutEventSelectorsResponse;
    get_event_selectors(GetEventSelectorsRequest) -> GetEventSelectorsResponse;
    put_insight_selectors(PutInsightSelectorsRequest) -> PutInsightSelectorsResponse;
    get_insight_selectors(GetInsightSelectorsRequest) -> GetInsightSelectorsResponse;
    add_tags(AddTagsRequest) -> AddTagsResponse;
    remove_tags(RemoveTagsRequest) -> RemoveTagsResponse;
    list_tags(ListTagsRequest) -> ListTagsResponse;
    lookup_events(LookupEventsRequest) -> LookupEventsResponse;
    list_public_keys(ListPublicKeysRequest) -> ListPublicKeysResponse;
    create_event_data_store(CreateEventDataStoreRequest) -> CreateEventDataStoreResponse;
    get_event_data_store(GetEventDataStoreRequest) -> GetEventDataStoreResponse;
    list_event_data_stores(ListEventDataStoresRequest) -> ListEventDataStoresResponse;
    update_event_data_store(UpdateEventDataStoreRequest) -> UpdateEventDataStoreResponse;
    delete_event_data_store(DeleteEventDataStoreRequest) -> DeleteEventDataStoreResponse;
    restore_event_data_store(RestoreEventDataStoreRequest) -> RestoreEventDataStoreResponse;
    start_event_data_store_ingestion(StartEventDataStoreIngestionRequest) -> StartEventDataStoreIngestionResponse;
    stop_event_data_store_ingestion(StopEventDataStoreIngestionRequest) -> StopEventDataStoreIngestionResponse;
    enable_federation(EnableFederationRequest) -> EnableFederationResponse;
    disable_federation(DisableFederationRequest) -> DisableFederationResponse;
    put_event_configuration(PutEventConfigurationRequest) -> PutEventConfigurationResponse;
    get_event_configuration(GetEventConfigurationRequest) -> GetEventConfigurationResponse;
    create_channel(CreateChannelRequest) -> CreateChannelResponse;
    get_channel(GetChannelRequest) -> GetChannelResponse;
    list_channels(ListChannelsRequest) -> ListChannelsResponse;
    update_channel(UpdateChannelRequest) -> UpdateChannelResponse;
    delete_channel(DeleteChannelRequest) -> DeleteChannelResponse;
    put_resource_policy(PutResourcePolicyRequest) -> PutResourcePolicyResponse;
    get_resource_policy(GetResourcePolicyRequest) -> GetResourcePolicyResponse;
    delete_resource_policy(DeleteResourcePolicyRequest) -> DeleteResourcePolicyResponse;
    create_dashboard(CreateDashboardRequest) -> CreateDashboardResponse;
    get_dashboard(GetDashboardRequest) -> GetDashboardResponse;
    list_dashboards(ListDashboardsRequest) -> ListDashboardsResponse;
    update_dashboard(UpdateDashboardRequest) -> UpdateDashboardResponse;
    delete_dashboard(DeleteDashboardRequest) -> DeleteDashboardResponse;
    start_dashboard_refresh(StartDashboardRefreshRequest) -> StartDashboardRefreshResponse;
    start_query(StartQueryRequest) -> StartQueryResponse;
    describe_query(DescribeQueryRequest) -> DescribeQueryResponse;
    get_query_results(GetQueryResultsRequest) -> GetQueryResultsResponse;
    list_queries(ListQueriesRequest) -> ListQueriesResponse;
    cancel_query(CancelQueryRequest) -> CancelQueryResponse;
    search_sample_queries(SearchSampleQueriesRequest) -> SearchSampleQueriesResponse;
    generate_query(GenerateQueryRequest) -> GenerateQueryResponse;
    start_import(StartImportRequest) -> StartImportResponse;
    get_import(GetImportRequest) -> GetImportResponse;
    list_imports(ListImportsRequest) -> ListImportsResponse;
    list_import_failures(ListImportFailuresRequest) -> ListImportFailuresResponse;
    stop_import(StopImportRequest) -> StopImportResponse;
}
