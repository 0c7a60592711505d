//! Expressions.

use super::{Identifier, JsonPath, Query, SortItem, Window};
use crate::error::Place;
use crate::types::Type;

/// An expression and where it begins (an operator's begins where its left operand does not, but where Trino says so: at the
/// operand for comparisons and arithmetic).
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it says.
    pub kind: ExprKind,
    /// Where it begins.
    pub place: Place,
}

/// What an expression says.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// `NULL`
    Null,
    /// `TRUE`, `FALSE`
    Boolean(bool),
    /// `42`, `-1`, `0xFF`, `1_000`: integer when it fits, else bigint.
    Integer(i64),
    /// `1.50`: the text, without underscores; a decimal with as many digits as written.
    Decimal(String),
    /// `1e3`
    Double(f64),
    /// `'text'`, `U&'…'` with the escapes undone.
    String(String),
    /// `X'65683F'`
    Bytes(Vec<u8>),
    /// `INTERVAL '5' DAY`, `INTERVAL -'1-3' YEAR TO MONTH`
    Interval {
        /// What stands between the quotes.
        text: String,
        /// Is there a minus before the quotes?
        is_negative: bool,
        /// The (first) unit.
        from: IntervalUnit,
        /// The unit after TO.
        to: Option<IntervalUnit>,
    },
    /// `timestamp '2024-01-01 00:00:00'`, `ipaddress '::1'`: a type's name and a text. `DOUBLE PRECISION '1'` is named `double`.
    Typed {
        /// The type's name.
        name: Identifier,
        /// What stands between the quotes.
        text: String,
    },
    /// A column, or the first part of a dotted path.
    Identifier(Identifier),
    /// `base.field`: a column of a relation, or a field of a row.
    Dereference {
        /// What stands before the dot.
        base: Box<Expr>,
        /// What stands after it.
        field: Identifier,
    },
    /// `base[index]`
    Subscript {
        /// An array, map or row.
        base: Box<Expr>,
        /// What stands in the brackets.
        index: Box<Expr>,
    },
    /// `f(…)` with all that may follow.
    Call(Box<Call>),
    /// `LISTAGG([DISTINCT] value [, separator] [ON OVERFLOW …]) WITHIN GROUP (ORDER BY …) [FILTER (WHERE …)]`
    Listagg {
        /// `DISTINCT`
        is_distinct: bool,
        /// What is joined.
        value: Box<Expr>,
        /// What stands between; empty unless given.
        separator: String,
        /// What happens when the result grows too long.
        overflow: ListaggOverflow,
        /// At least one.
        order_by: Vec<SortItem>,
        /// `FILTER (WHERE …)`
        filter: Option<Box<Expr>>,
    },
    /// `x -> body`, `(x, y) -> body`
    Lambda {
        /// Names that the body may use.
        parameters: Vec<Identifier>,
        /// The body.
        body: Box<Expr>,
    },
    /// `ROW(a, b)`, `(a, b)`
    Row(Vec<Expr>),
    /// `ARRAY[…]`
    Array(Vec<Expr>),
    /// `CAST(value AS type)`, `TRY_CAST(…)`
    Cast {
        /// What is cast.
        value: Box<Expr>,
        /// To which type.
        to: Type,
        /// NULL instead of an error.
        is_try: bool,
    },
    /// `CASE [operand] WHEN … THEN … ELSE … END`
    Case {
        /// Compared with each condition; without it each condition is a truth value.
        operand: Option<Box<Expr>>,
        /// Condition and result, at least one pair.
        branches: Vec<(Expr, Expr)>,
        /// `ELSE`; NULL unless given.
        otherwise: Option<Box<Expr>>,
    },
    /// `IF(condition, then[, otherwise])`
    If {
        /// A truth value.
        condition: Box<Expr>,
        /// If true.
        then: Box<Expr>,
        /// If false or NULL; NULL unless given.
        otherwise: Option<Box<Expr>>,
    },
    /// `COALESCE(a, b, …)`, at least two.
    Coalesce(Vec<Expr>),
    /// `NULLIF(a, b)`
    NullIf(Box<Expr>, Box<Expr>),
    /// `TRY(a)`
    Try(Box<Expr>),
    /// `EXTRACT(field FROM value)`
    Extract {
        /// Which part.
        field: ExtractField,
        /// Of what.
        value: Box<Expr>,
    },
    /// `CURRENT_TIMESTAMP(p)` and its kin.
    Current {
        /// Which.
        value: CurrentValue,
        /// The digits of the fraction, where given.
        precision: Option<u8>,
    },
    /// `JSON_VALUE(…)`, `JSON_QUERY(…)`, `JSON_EXISTS(…)`
    JsonPath(Box<JsonPath>),
    /// `JSON_OBJECT(KEY name VALUE value, …)`
    JsonObject {
        /// Names and values.
        members: Vec<(Expr, Expr)>,
        /// `ABSENT ON NULL`; a NULL is a null otherwise.
        is_absent_on_null: bool,
    },
    /// `JSON_ARRAY(a, b)`
    JsonArray {
        /// Values.
        items: Vec<Expr>,
        /// `ABSENT ON NULL`, the default here.
        is_absent_on_null: bool,
    },
    /// `GROUPING(a, b)`
    Grouping(Vec<Expr>),
    /// `value AT TIME ZONE zone`
    AtTimeZone {
        /// A time.
        value: Box<Expr>,
        /// A text, or an interval.
        zone: Box<Expr>,
    },
    /// `-a`
    Negate(Box<Expr>),
    /// `+a`
    Plus(Box<Expr>),
    /// `left operator right`
    Binary {
        /// Which.
        operator: BinaryOperator,
        /// The left side.
        left: Box<Expr>,
        /// The right side.
        right: Box<Expr>,
    },
    /// `a AND b AND …`, at least two.
    And(Vec<Expr>),
    /// `a OR b OR …`, at least two.
    Or(Vec<Expr>),
    /// `NOT a`, and the negated forms of the predicates.
    Not(Box<Expr>),
    /// `a IS NULL`
    IsNull(Box<Expr>),
    /// `value BETWEEN low AND high`
    Between {
        /// What is compared.
        value: Box<Expr>,
        /// The least.
        low: Box<Expr>,
        /// The greatest.
        high: Box<Expr>,
    },
    /// `value IN (a, b)`
    InList {
        /// What is looked for.
        value: Box<Expr>,
        /// At least one.
        list: Vec<Expr>,
    },
    /// `value IN (SELECT …)`
    InSubquery {
        /// What is looked for.
        value: Box<Expr>,
        /// Of one column (or as many as the row `value` has fields).
        query: Box<Query>,
    },
    /// `value LIKE pattern [ESCAPE escape]`
    Like {
        /// The text.
        value: Box<Expr>,
        /// `%` and `_` stand for others.
        pattern: Box<Expr>,
        /// A single character.
        escape: Option<Box<Expr>>,
    },
    /// `value > ALL (SELECT …)`
    Quantified {
        /// A comparison.
        operator: BinaryOperator,
        /// All or any.
        quantifier: Quantifier,
        /// The left side.
        value: Box<Expr>,
        /// The right side.
        query: Box<Query>,
    },
    /// `EXISTS (SELECT …)`
    Exists(Box<Query>),
    /// `(SELECT …)` as a value.
    Subquery(Box<Query>),
}

/// A call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// One part, for all functions that exist here.
    pub name: Vec<Identifier>,
    /// Values and lambdas.
    pub arguments: Vec<Expr>,
    /// `count(*)`: there are no arguments.
    pub is_star: bool,
    /// `DISTINCT` before the arguments.
    pub is_distinct: bool,
    /// `ORDER BY` after the arguments.
    pub order_by: Vec<SortItem>,
    /// `FILTER (WHERE …)`
    pub filter: Option<Expr>,
    /// `IGNORE NULLS`, `RESPECT NULLS`
    pub null_treatment: Option<NullTreatment>,
    /// `OVER …`
    pub over: Option<Window>,
}

/// What a window function does with NULL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NullTreatment {
    /// Skips it.
    Ignore,
    /// Takes it as a value, the default.
    Respect,
}

/// What LISTAGG does when its result grows longer than a varchar may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ListaggOverflow {
    /// Fails, the default.
    Error,
    /// Cuts.
    Truncate {
        /// Put at the end; `...` unless given.
        filler: String,
        /// `WITH COUNT`: tells how many values are left out.
        is_with_count: bool,
    },
}

/// ANY and SOME are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// True for each row.
    All,
    /// True for at least one row.
    Any,
}

/// Operators with two sides that give one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BinaryOperator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Modulus,
    /// `||`
    Concat,
    /// `=`
    Equal,
    /// `<>`, `!=`
    NotEqual,
    /// `<`
    LessThan,
    /// `<=`
    LessThanOrEqual,
    /// `>`
    GreaterThan,
    /// `>=`
    GreaterThanOrEqual,
    /// `IS DISTINCT FROM`
    IsDistinctFrom,
}

impl BinaryOperator {
    /// As it is written.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Modulus => "%",
            Self::Concat => "||",
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::LessThan => "<",
            Self::LessThanOrEqual => "<=",
            Self::GreaterThan => ">",
            Self::GreaterThanOrEqual => ">=",
            Self::IsDistinctFrom => "IS DISTINCT FROM",
        }
    }

    /// Does it compare, giving a truth value?
    pub const fn is_comparison(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::NotEqual
                | Self::LessThan
                | Self::LessThanOrEqual
                | Self::GreaterThan
                | Self::GreaterThanOrEqual
                | Self::IsDistinctFrom
        )
    }
}

/// Units of interval literals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IntervalUnit {
    /// Twelve months.
    Year,
    /// A month.
    Month,
    /// 24 hours.
    Day,
    /// An hour.
    Hour,
    /// A minute.
    Minute,
    /// A second, with a fraction of up to three digits.
    Second,
}

/// Parts that EXTRACT gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExtractField {
    /// `YEAR`
    Year,
    /// `QUARTER`
    Quarter,
    /// `MONTH`
    Month,
    /// `WEEK`, ISO.
    Week,
    /// `DAY`, `DAY_OF_MONTH`
    Day,
    /// `DAY_OF_WEEK`, `DOW`: Monday is 1.
    DayOfWeek,
    /// `DAY_OF_YEAR`, `DOY`
    DayOfYear,
    /// `YEAR_OF_WEEK`, `YOW`
    YearOfWeek,
    /// `HOUR`
    Hour,
    /// `MINUTE`
    Minute,
    /// `SECOND`
    Second,
    /// `TIMEZONE_HOUR`
    TimezoneHour,
    /// `TIMEZONE_MINUTE`
    TimezoneMinute,
}

/// Values that the session gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CurrentValue {
    /// `CURRENT_DATE`
    Date,
    /// `CURRENT_TIME`
    Time,
    /// `CURRENT_TIMESTAMP`
    Timestamp,
    /// `LOCALTIME`
    LocalTime,
    /// `LOCALTIMESTAMP`
    LocalTimestamp,
    /// `CURRENT_USER`
    User,
    /// `CURRENT_CATALOG`
    Catalog,
    /// `CURRENT_SCHEMA`
    Schema,
    /// `CURRENT_PATH`
    Path,
}
