//! CloudTrail's operations: one file each, one error table
