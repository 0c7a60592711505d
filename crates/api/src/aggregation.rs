//! Aggregated events of trails between the wire and the model.

use opentrail_model::{Aggregation, AggregationTemplate};
use opentrail_wire::shapes::AggregationConfiguration;

use crate::Error;

/// What a caller submitted. The one category that can be aggregated is `Data`, as the model has it.
pub(crate) fn read(configurations: Vec<AggregationConfiguration>) -> Result<Vec<Aggregation>, Error> {
    let read = |configuration: AggregationConfiguration| {
        let mut templates = Vec::new();
        for template in configuration.templates {
            let template = AggregationTemplate::from_name(template.as_str())
                .ok_or(Error::Parameter("The template must be API_ACTIVITY, RESOURCE_ACCESS or USER_ACTIONS."))?;
            if !templates.contains(&template) {
                templates.push(template);
            }
        }
        Ok(Aggregation { templates })
    };
    configurations.into_iter().map(read).collect()
}

/// As the wire shows it.
pub(crate) fn show(aggregations: &[Aggregation]) -> Vec<AggregationConfiguration> {
    let show = |aggregation: &Aggregation| AggregationConfiguration {
        templates: aggregation.templates.iter().map(|template| template.as_str().into()).collect(),
        event_category: "Data".into(),
    };
    aggregations.iter().map(show).collect()
}
