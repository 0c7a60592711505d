//! The embedded S3: buckets for trails, readable by stock clients
