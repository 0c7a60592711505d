//! Why a statement is refused: Trino's error name, the place, a sentence.

use std::fmt;

/// A place in the text of a statement; both counts begin at 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Lines end at `\n`.
    pub line: u32,
    /// In code points, as Trino counts them.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}:{}", self.line, self.column)
    }
}

/// A statement that cannot be parsed, analyzed or run to its end. The reader is the person who wrote the statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", Prefix(.place))]
pub struct SqlError {
    /// What kind of refusal.
    pub class: ErrorClass,
    /// Where in the statement; none when no single place is to blame.
    pub place: Option<Place>,
    /// The sentence without the place, worded like Trino's.
    pub message: String,
}

impl SqlError {
    /// An error at a place of the statement.
    pub fn at(place: Place, class: ErrorClass, message: impl Into<String>) -> Self {
        Self { class, place: Some(place), message: message.into() }
    }

    /// An error that no single place is to blame for.
    pub fn new(class: ErrorClass, message: impl Into<String>) -> Self {
        Self { class, place: None, message: message.into() }
    }

    /// The same error, at `place` unless it has one already.
    #[must_use]
    pub fn or_at(mut self, place: Place) -> Self {
        self.place.get_or_insert(place);
        self
    }
}

/// `line 1:8: ` before a message that has a place.
struct Prefix<'a>(&'a Option<Place>);

impl fmt::Display for Prefix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |place| write!(f, "{place}: "))
    }
}

/// When an error of a class shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The text alone is wrong.
    Parse,
    /// The text is wrong about tables, functions or types; no row was read.
    Analysis,
    /// Rows were read.
    Run,
}

/// Declares the classes once: variant, Trino's name, stage, sentence.
macro_rules! classes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $stage:ident;)+) => {
        /// The kinds of refusal. All but `NOT_A_SELECT`, `MULTIPLE_STATEMENTS` and `STATEMENT_TOO_LONG` are Trino's
        /// (`StandardErrorCode`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorClass {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl ErrorClass {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Trino's name, such as `SYNTAX_ERROR`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// When errors of this class show themselves at the latest.
            pub const fn stage(self) -> Stage {
                match self { $(Self::$variant => Stage::$stage,)+ }
            }
        }
    };
}

classes! {
    /// The text is not of the grammar.
    SyntaxError = "SYNTAX_ERROR", Parse;
    /// Another statement than a query.
    NotASelect = "NOT_A_SELECT", Parse;
    /// Text after the semicolon.
    MultipleStatements = "MULTIPLE_STATEMENTS", Parse;
    /// More than 10,000 characters.
    StatementTooLong = "STATEMENT_TOO_LONG", Parse;
    /// Trino's, but not ours, or known to neither.
    NotSupported = "NOT_SUPPORTED", Analysis;
    /// No such column or field.
    ColumnNotFound = "COLUMN_NOT_FOUND", Analysis;
    /// No such store.
    TableNotFound = "TABLE_NOT_FOUND", Analysis;
    /// No such function, or not with these arguments.
    FunctionNotFound = "FUNCTION_NOT_FOUND", Analysis;
    /// A name that is a function, but not of the wanted kind.
    FunctionNotAggregate = "FUNCTION_NOT_AGGREGATE", Analysis;
    /// OVER after a function that is neither a window function nor an aggregate.
    FunctionNotWindow = "FUNCTION_NOT_WINDOW", Analysis;
    /// Types do not fit.
    TypeMismatch = "TYPE_MISMATCH", Analysis;
    /// No such type.
    TypeNotFound = "TYPE_NOT_FOUND", Analysis;
    /// Neither grouped nor aggregated.
    ExpressionNotAggregate = "EXPRESSION_NOT_AGGREGATE", Analysis;
    /// An aggregate, window function or grouping() where it may not stand.
    ExpressionNotScalar = "EXPRESSION_NOT_SCALAR", Analysis;
    /// Something that depends on rows where a constant must stand.
    ExpressionNotConstant = "EXPRESSION_NOT_CONSTANT", Analysis;
    /// With DISTINCT a sort key must be selected.
    ExpressionNotInDistinct = "EXPRESSION_NOT_IN_DISTINCT", Analysis;
    /// An aggregate within an aggregate.
    NestedAggregation = "NESTED_AGGREGATION", Analysis;
    /// A window function within a window function.
    NestedWindow = "NESTED_WINDOW", Analysis;
    /// A position or name that no column has.
    InvalidColumnReference = "INVALID_COLUMN_REFERENCE", Analysis;
    /// A name that two columns have.
    AmbiguousName = "AMBIGUOUS_NAME", Analysis;
    /// More or fewer aliases than columns.
    MismatchedColumnAliases = "MISMATCHED_COLUMN_ALIASES", Analysis;
    /// Two columns of the same name where names must be unique.
    DuplicateColumnName = "DUPLICATE_COLUMN_NAME", Analysis;
    /// Two WITH queries of the same name.
    DuplicateNamedQuery = "DUPLICATE_NAMED_QUERY", Analysis;
    /// Two parameters of a lambda of the same name.
    DuplicateParameterName = "DUPLICATE_PARAMETER_NAME", Analysis;
    /// Two windows of the same name.
    DuplicateWindowName = "DUPLICATE_WINDOW_NAME", Analysis;
    /// A literal that its type cannot hold.
    InvalidLiteral = "INVALID_LITERAL", Analysis;
    /// An argument list that the construct does not take.
    InvalidArguments = "INVALID_ARGUMENTS", Analysis;
    /// A window that does not exist, or may not be changed so.
    InvalidWindowReference = "INVALID_WINDOW_REFERENCE", Analysis;
    /// A frame whose bounds make no sense.
    InvalidWindowFrame = "INVALID_WINDOW_FRAME", Analysis;
    /// PARTITION BY where it may not stand.
    InvalidPartitionBy = "INVALID_PARTITION_BY", Analysis;
    /// ORDER BY where it may not stand.
    InvalidOrderBy = "INVALID_ORDER_BY", Analysis;
    /// ORDER BY is missing, as for FETCH FIRST WITH TIES.
    MissingOrderBy = "MISSING_ORDER_BY", Analysis;
    /// OVER is missing after a window function.
    MissingOver = "MISSING_OVER", Analysis;
    /// GROUP BY is missing.
    MissingGroupBy = "MISSING_GROUP_BY", Analysis;
    /// A column without a name where one is wanted.
    MissingColumnName = "MISSING_COLUMN_NAME", Analysis;
    /// IGNORE or RESPECT NULLS for a function that does not take it.
    NullTreatmentNotAllowed = "NULL_TREATMENT_NOT_ALLOWED", Analysis;
    /// A subquery where it may not stand.
    UnsupportedSubquery = "UNSUPPORTED_SUBQUERY", Analysis;
    /// A frame type that the sort keys do not permit.
    InvalidRange = "INVALID_RANGE", Analysis;
    /// More grouping sets than one query may have.
    TooManyGroupingSets = "TOO_MANY_GROUPING_SETS", Analysis;
    /// More arguments than a call may have.
    TooManyArguments = "TOO_MANY_ARGUMENTS", Analysis;
    /// A value that the function does not take.
    InvalidFunctionArgument = "INVALID_FUNCTION_ARGUMENT", Run;
    /// A value that the type cannot hold.
    InvalidCastArgument = "INVALID_CAST_ARGUMENT", Run;
    /// A whole number or decimal divided by zero.
    DivisionByZero = "DIVISION_BY_ZERO", Run;
    /// A number that its type cannot hold.
    NumericValueOutOfRange = "NUMERIC_VALUE_OUT_OF_RANGE", Run;
    /// A scalar subquery with more than one row.
    SubqueryMultipleRows = "SUBQUERY_MULTIPLE_ROWS", Run;
    /// A value that exceeds what one function call may make.
    ExceededFunctionMemoryLimit = "EXCEEDED_FUNCTION_MEMORY_LIMIT", Run;
    /// The query does not fit into its memory.
    ExceededLocalMemoryLimit = "EXCEEDED_LOCAL_MEMORY_LIMIT", Run;
    /// The query took longer than it may.
    ExceededTimeLimit = "EXCEEDED_TIME_LIMIT", Run;
    /// Somebody cancelled the query.
    UserCanceled = "USER_CANCELED", Run;
    /// Our fault, or that of the stored data.
    GenericInternalError = "GENERIC_INTERNAL_ERROR", Run;
    /// A file of a table is damaged.
    BadData = "HIVE_BAD_DATA", Run;
    /// The files of a table can't be listed or read.
    FilesystemError = "HIVE_FILESYSTEM_ERROR", Run;
}

impl ErrorClass {
    /// Can the text alone tell?
    pub fn is_parse(self) -> bool {
        self.stage() == Stage::Parse
    }

    /// Can it be told before any row is read, but not from the text alone?
    pub fn is_analysis(self) -> bool {
        self.stage() == Stage::Analysis
    }

    /// Do only rows tell?
    pub fn is_run(self) -> bool {
        self.stage() == Stage::Run
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
