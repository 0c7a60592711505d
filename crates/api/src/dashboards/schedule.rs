//! Refresh schedules between the wire and the model.

use opentrail_model::dashboard::HIGHLIGHTS;
use opentrail_model::{DashboardArn, RefreshEvery, RefreshSchedule};
use opentrail_wire::shapes::{
    RefreshSchedule as Shown, RefreshScheduleFrequency, RefreshScheduleFrequencyUnit as Unit,
    RefreshScheduleStatus as Status,
};

use crate::error::LakeError;

/// The hours between two refreshes, as callers may choose them.
const HOURS: [u8; 4] = [1, 6, 12, 24];

/// The hours between two refreshes of Highlights.
const HIGHLIGHTS_HOURS: u8 = 6;

/// Checks what a caller submitted, and fills in that it is enabled, and at midnight.
pub(crate) fn read_schedule(schedule: Shown, arn: &DashboardArn) -> Result<RefreshSchedule, LakeError> {
    let every = read_frequency(schedule.frequency.unwrap_or_default())?;
    if arn.name() == HIGHLIGHTS && every != RefreshEvery::Hours(HIGHLIGHTS_HOURS) {
        return Err(invalid("The Highlights dashboard must be refreshed every 6 HOURS."));
    }
    let time_of_day = schedule.time_of_day.unwrap_or_else(|| "00:00".to_owned());
    if !is_time_of_day(&time_of_day) {
        return Err(invalid("TimeOfDay must be a time in UTC from 00:00 to 23:59."));
    }
    let is_enabled = schedule.status.is_none_or(|status| status == Status::Enabled);
    Ok(RefreshSchedule { every, is_enabled, time_of_day })
}

fn read_frequency(frequency: RefreshScheduleFrequency) -> Result<RefreshEvery, LakeError> {
    match (frequency.unit, frequency.value) {
        (Some(Unit::Hours), Some(value)) => {
            let hours = u8::try_from(value).ok().filter(|hours| HOURS.contains(hours));
            hours.map(RefreshEvery::Hours).ok_or_else(|| invalid("The HOURS of a schedule must be 1, 6, 12 or 24."))
        }
        (Some(Unit::Days), Some(1)) => Ok(RefreshEvery::Day),
        (Some(Unit::Days), Some(_)) => Err(invalid("The DAYS of a schedule must be 1.")),
        _ => Err(invalid("The frequency of a schedule must have a unit, HOURS or DAYS, and a value.")),
    }
}

fn invalid(text: &str) -> LakeError {
    LakeError::Validation(text.to_owned())
}

fn is_time_of_day(text: &str) -> bool {
    let number = |text: &str, below: u8| text.len() == 2 && text.parse::<u8>().is_ok_and(|number| number < below);
    text.split_once(':').is_some_and(|(hour, minute)| number(hour, 24) && number(minute, 60))
}

pub(crate) fn show_schedule(schedule: &RefreshSchedule) -> Shown {
    let (unit, value) = match schedule.every {
        RefreshEvery::Hours(hours) => (Unit::Hours, i32::from(hours)),
        RefreshEvery::Day => (Unit::Days, 1),
    };
    Shown {
        frequency: Some(RefreshScheduleFrequency { unit: Some(unit), value: Some(value) }),
        status: Some(if schedule.is_enabled { Status::Enabled } else { Status::Disabled }),
        time_of_day: Some(schedule.time_of_day.clone()),
    }
}
