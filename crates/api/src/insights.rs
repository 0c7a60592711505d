//! Insights selectors: what they need, and how the wire shows them.

use opentrail_model::{Field, InsightCategory, InsightSelector, InsightType, ReadWriteType, Selectors};
use opentrail_wire::shapes;

use crate::Error;

/// What a caller submitted. No categories mean `Management`.
pub(crate) fn read(selectors: Vec<shapes::InsightSelector>) -> Result<Vec<InsightSelector>, Error> {
    let selectors: Vec<_> = selectors.into_iter().map(read_one).collect::<Result<_, _>>()?;
    let is_twice = |(at, selector): (usize, &InsightSelector)| {
        selectors[..at].iter().any(|earlier| earlier.insight_type == selector.insight_type)
    };
    if selectors.iter().enumerate().any(is_twice) {
        return Err(Error::InsightSelectors("Specify each Insights type at most once."));
    }
    Ok(selectors)
}

fn read_one(selector: shapes::InsightSelector) -> Result<InsightSelector, Error> {
    let insight_type = selector.insight_type.as_ref().and_then(|kind| InsightType::from_name(kind.as_str()));
    let insight_type = insight_type
        .ok_or(Error::InsightSelectors("The Insights type must be ApiCallRateInsight or ApiErrorRateInsight."))?;
    let mut event_categories = Vec::new();
    for category in selector.event_categories.unwrap_or_default() {
        let category = InsightCategory::from_name(category.as_str())
            .ok_or(Error::InsightSelectors("The event category must be Management or Data."))?;
        if !event_categories.contains(&category) {
            event_categories.push(category);
        }
    }
    if event_categories.is_empty() {
        event_categories.push(InsightCategory::Management);
    }
    Ok(InsightSelector { insight_type, event_categories })
}

pub(crate) fn show(selectors: &[InsightSelector]) -> Vec<shapes::InsightSelector> {
    let show = |selector: &InsightSelector| shapes::InsightSelector {
        insight_type: Some(selector.insight_type.as_str().into()),
        event_categories: Some(selector.event_categories.iter().map(|category| category.as_str().into()).collect()),
    };
    selectors.iter().map(show).collect()
}

/// Insights can only be drawn from what the trail or store logs (CloudTrail user guide, "Working with CloudTrail
/// Insights").
pub(crate) fn check_logged(wanted: &[InsightSelector], selectors: &Selectors) -> Result<(), Error> {
    let logged = Logged::of(selectors);
    for selector in wanted {
        for category in &selector.event_categories {
            match (category, selector.insight_type) {
                (InsightCategory::Management, InsightType::ApiCallRateInsight) if !logged.management_writes => {
                    return Err(Error::InsightSelectors(
                        "To log Insights on the API call rate, write management events must be logged.",
                    ));
                }
                (InsightCategory::Management, InsightType::ApiErrorRateInsight) if !logged.management => {
                    return Err(Error::InsightSelectors(
                        "To log Insights on the API error rate, read or write management events must be logged.",
                    ));
                }
                (InsightCategory::Data, _) if !logged.data => {
                    return Err(Error::InsightSelectors("To log Insights on data events, data events must be logged."));
                }
                (InsightCategory::Management | InsightCategory::Data, _) => {}
            }
        }
    }
    Ok(())
}

/// Do these selectors want data events?
pub(crate) fn logs_data(selectors: &Selectors) -> bool {
    Logged::of(selectors).data
}

/// The kinds of records that selectors can want.
#[derive(Debug, Default)]
struct Logged {
    management: bool,
    management_writes: bool,
    data: bool,
}

impl Logged {
    fn of(selectors: &Selectors) -> Self {
        let mut logged = Self::default();
        match selectors {
            Selectors::Basic(selectors) => {
                for selector in selectors {
                    logged.management |= selector.include_management_events;
                    logged.management_writes |=
                        selector.include_management_events && selector.read_write_type != ReadWriteType::ReadOnly;
                    logged.data |= !selector.data_resources.is_empty();
                }
            }
            Selectors::Advanced(selectors) => {
                for selector in selectors {
                    let equals = |field: Field, value: &str| {
                        let is_so = |it: &opentrail_model::FieldSelector| {
                            it.field == field && it.equals.iter().any(|equal| equal == value)
                        };
                        selector.field_selectors.iter().any(is_so)
                    };
                    let is_management = equals(Field::EventCategory, "Management");
                    logged.management |= is_management;
                    logged.management_writes |= is_management && !equals(Field::ReadOnly, "true");
                    logged.data |= equals(Field::EventCategory, "Data");
                }
            }
        }
        logged
    }
}
