//! SQL in Trino's dialect over stores of records: analysis, functions, execution within bounds. Only this crate knows DataFusion.
