//! Any bytes as a record: viewed where it is routed, alike, and without a panic; its terms are found by filters.
#![no_main]

use libfuzzer_sys::fuzz_target;
use opentrail_model::{Filter, Routed, Terms, View};

fuzz_target!(|data: &[u8]| {
    let (view, routed) = (View::parse(data), Routed::parse(data));
    let (Ok(view), Ok(routed)) = (&view, &routed) else {
        // A string that is no text fails where it is looked at, and the two look at different members.
        return;
    };
    assert_eq!(view.category(), routed.category);
    assert_eq!((&view.event_name, &view.event_source), (&routed.event_name, &routed.event_source));
    assert_eq!((view.is_read(), view.account()), (routed.is_read(), routed.account()));
    let _ = view.instant();
    let terms = Terms::of(view);
    for (attribute, term) in terms.iter() {
        let value = term.to_owned();
        assert!(!value.is_empty() && Filter::Has(attribute).matches(&terms));
        assert!(Filter::Is { attribute, value: value.clone() }.matches(&terms));
        assert!(Filter::Prefix { attribute, value }.matches(&terms));
    }
});
