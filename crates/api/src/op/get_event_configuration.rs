//! GetEventConfiguration: what PutEventConfiguration set.
//!
//! - Documented: a trail or an event data store must be named, not both; a store that nobody configured has standard events and no keys.
//! - Ours: a trail that nobody configured shows an empty list.

use opentrail_wire::shapes::{GetEventConfigurationRequest, GetEventConfigurationResponse};

use super::put_event_configuration::check_configurable;
use crate::{Api, Caller, Error, aggregation, stores};

pub(crate) async fn get_event_configuration(
    api: &Api,
    caller: &Caller,
    input: GetEventConfigurationRequest,
) -> Result<GetEventConfigurationResponse, Error> {
    match (input.trail_name, input.event_data_store) {
        (Some(trail), None) => {
            let trail = api.find(caller, &trail).await?.trail;
            Ok(GetEventConfigurationResponse {
                trail_arn: Some(trail.arn.to_string()),
                aggregation_configurations: Some(aggregation::show(&trail.aggregations)),
                ..GetEventConfigurationResponse::default()
            })
        }
        (None, Some(store)) => {
            let store = api.own_store(caller, &store).await?.store;
            check_configurable(&store)?;
            Ok(GetEventConfigurationResponse {
                event_data_store_arn: Some(store.arn.to_string()),
                max_event_size: Some(store.max_event_size.as_str().into()),
                context_key_selectors: Some(stores::view::context_keys(&store)),
                ..GetEventConfigurationResponse::default()
            })
        }
        (Some(_), Some(_)) => {
            Err(Error::Combination("You can specify either TrailName or EventDataStore, but not both."))
        }
        (None, None) => Err(Error::Parameter("You must specify either TrailName or EventDataStore.")),
    }
}
