//! Event data stores as the wire shows them. What isn't set is left out.

use opentrail_model::EventDataStore;
use opentrail_wire::shapes::{self, FederationStatus};

use crate::selectors;
use crate::view::timestamp;

pub(crate) fn created(store: &EventDataStore) -> shapes::CreateEventDataStoreResponse {
    let settings = restored(store);
    shapes::CreateEventDataStoreResponse {
        event_data_store_arn: settings.event_data_store_arn,
        name: settings.name,
        status: Some(shapes::EventDataStoreStatus::Created),
        advanced_event_selectors: settings.advanced_event_selectors,
        multi_region_enabled: settings.multi_region_enabled,
        organization_enabled: settings.organization_enabled,
        retention_period: settings.retention_period,
        termination_protection_enabled: settings.termination_protection_enabled,
        tags_list: (!store.tags.is_empty()).then(|| crate::tagging::show_tags(&store.tags)),
        created_timestamp: settings.created_timestamp,
        updated_timestamp: settings.updated_timestamp,
        kms_key_id: settings.kms_key_id,
        billing_mode: settings.billing_mode,
    }
}

pub(crate) fn restored(store: &EventDataStore) -> shapes::RestoreEventDataStoreResponse {
    let (_, advanced_event_selectors) = selectors::show(&store.selectors);
    shapes::RestoreEventDataStoreResponse {
        event_data_store_arn: Some(store.arn.to_string()),
        name: Some(store.name.clone()),
        status: Some(store.status().as_str().into()),
        advanced_event_selectors,
        multi_region_enabled: Some(store.is_multi_region),
        organization_enabled: Some(store.is_organization),
        retention_period: i32::try_from(store.retention_days).ok(),
        termination_protection_enabled: Some(store.is_termination_protected),
        created_timestamp: Some(timestamp(store.created_at)),
        updated_timestamp: Some(timestamp(store.updated_at)),
        kms_key_id: store.kms_key_id.clone(),
        billing_mode: Some(store.billing_mode.as_str().into()),
    }
}

/// Federation shows only while it is enabled.
pub(crate) fn updated(store: &EventDataStore) -> shapes::UpdateEventDataStoreResponse {
    let settings = restored(store);
    shapes::UpdateEventDataStoreResponse {
        event_data_store_arn: settings.event_data_store_arn,
        name: settings.name,
        status: settings.status,
        advanced_event_selectors: settings.advanced_event_selectors,
        multi_region_enabled: settings.multi_region_enabled,
        organization_enabled: settings.organization_enabled,
        retention_period: settings.retention_period,
        termination_protection_enabled: settings.termination_protection_enabled,
        created_timestamp: settings.created_timestamp,
        updated_timestamp: settings.updated_timestamp,
        kms_key_id: settings.kms_key_id,
        billing_mode: settings.billing_mode,
        federation_status: store.federation_role.as_ref().map(|_| FederationStatus::Enabled),
        federation_role_arn: store.federation_role.clone(),
    }
}

/// Our stores are folders by the day of `eventTime`.
pub(crate) fn got(store: &EventDataStore) -> shapes::GetEventDataStoreResponse {
    let settings = restored(store);
    shapes::GetEventDataStoreResponse {
        event_data_store_arn: settings.event_data_store_arn,
        name: settings.name,
        status: settings.status,
        advanced_event_selectors: settings.advanced_event_selectors,
        multi_region_enabled: settings.multi_region_enabled,
        organization_enabled: settings.organization_enabled,
        retention_period: settings.retention_period,
        termination_protection_enabled: settings.termination_protection_enabled,
        created_timestamp: settings.created_timestamp,
        updated_timestamp: settings.updated_timestamp,
        kms_key_id: settings.kms_key_id,
        billing_mode: settings.billing_mode,
        federation_status: Some(federation(store)),
        federation_role_arn: store.federation_role.clone(),
        partition_keys: Some(vec![shapes::PartitionKey { name: "day".to_owned(), r#type: "string".to_owned() }]),
    }
}

/// What its records are enriched with.
pub(crate) fn context_keys(store: &EventDataStore) -> Vec<shapes::ContextKeySelector> {
    let show = |keys: &opentrail_model::ContextKeys| shapes::ContextKeySelector {
        r#type: keys.kind.as_str().into(),
        equals: keys.keys.clone(),
    };
    store.context_keys.iter().map(show).collect()
}

pub(crate) fn federation(store: &EventDataStore) -> FederationStatus {
    match store.federation_role {
        Some(_) => FederationStatus::Enabled,
        None => FederationStatus::Disabled,
    }
}
