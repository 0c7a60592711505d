//! Trino's SELECT: lexer, syntax tree with places, parser, types. Knows no engine.
