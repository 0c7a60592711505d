//! The nouns: records, selectors, trails, ARNs, policies
