//! A lookup's expression and a record, separated by a zero byte. What is read prints as something that is read as the
//! same, as text and as JSON; whatever the record, its terms and resources are found, and the filter decides.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentrail_model::lookup::RESOURCES_MAX;
use opentrail_model::{Filter, Terms, View};

fuzz_target!(|data: &[u8]| {
    let cut = data.iter().position(|b| *b == 0).unwrap_or(data.len());
    let (expression, record) = data.split_at(cut);
    let filter = std::str::from_utf8(expression).ok().and_then(|text| text.parse::<Filter>().ok());
    if let Some(filter) = &filter {
        assert_eq!(filter.to_string().parse::<Filter>().as_ref(), Ok(filter));
        let json = serde_json::to_string(filter).expect("filters are JSON");
        assert_eq!(&serde_json::from_str::<Filter>(&json).expect("our own JSON"), filter);
    }
    let _ = serde_json::from_slice::<Filter>(expression).map(|filter| filter.to_string());
    let Ok(view) = View::parse(record.get(1..).unwrap_or_default()) else { return };
    assert!(view.lookup_resources().len() <= RESOURCES_MAX);
    let terms = Terms::of(&view);
    if let Some(filter) = filter {
        assert_ne!(filter.matches(&terms), Filter::Not(Box::new(filter)).matches(&terms));
    }
});
