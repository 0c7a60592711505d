//! Stores of records: a hot tail in memory, ORC segments with lookup indexes below.
