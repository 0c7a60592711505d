//! One file per operation. Each opens with what AWS does and how we know it: *seen* means on the real service,
//! *documented* in the CloudTrail API reference or user guide, *ours* where neither tells.

pub mod add_tags;
pub mod create_event_data_store;
pub mod create_trail;
pub mod delete_event_data_store;
pub mod delete_trail;
pub mod describe_trails;
pub mod disable_federation;
pub mod enable_federation;
pub mod get_event_configuration;
pub mod get_event_data_store;
pub mod get_event_selectors;
pub mod get_insight_selectors;
pub mod get_trail;
pub mod get_trail_status;
pub mod list_event_data_stores;
pub mod list_public_keys;
pub mod list_tags;
pub mod list_trails;
pub mod lookup_events;
pub mod put_event_configuration;
pub mod put_event_selectors;
pub mod put_insight_selectors;
pub mod remove_tags;
pub mod restore_event_data_store;
pub mod start_event_data_store_ingestion;
pub mod start_logging;
pub mod stop_event_data_store_ingestion;
pub mod stop_logging;
pub mod update_event_data_store;
pub mod update_trail;
