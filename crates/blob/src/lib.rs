//! Bytes in places: put, get and list on memory, folders and S3
