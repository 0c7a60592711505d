//! Journal to signed log files and digests in buckets, resumable at every step
