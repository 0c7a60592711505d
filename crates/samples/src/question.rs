//! One question: its texts, and its SQL for whoever asks it.

use std::collections::BTreeMap;

/// The kind of event data store that a question is asked of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// CloudTrail's own events: management, data, network activity.
    Events,
    /// Insights events.
    Insights,
    /// Configuration items.
    ConfigurationItems,
    /// Events from outside AWS.
    ActivityAuditLog,
}

/// How an answer is drawn on a dashboard; the names are those of its columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Rows.
    Table,
    /// A line through the periods, or one for each value of `series`.
    Line {
        /// Times.
        x: &'static str,
        /// Counts.
        y: &'static str,
        /// What tells the lines apart.
        series: Option<&'static str>,
    },
    /// Slices of a whole.
    Pie {
        /// What a slice is called.
        label: &'static str,
        /// How large it is.
        value: &'static str,
    },
    /// Bars.
    Bar {
        /// What a bar is called.
        label: &'static str,
        /// How long it is.
        value: &'static str,
    },
}

/// A question of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Short and unique; parts of aliases, so keep it stable.
    pub id: &'static str,
    /// What it is asked of.
    pub of: Kind,
    /// How its answer is drawn.
    pub view: View,
    /// A title in English.
    pub name: &'static str,
    /// A title in Korean.
    pub name_ko: &'static str,
    /// What it finds, in English.
    pub about: &'static str,
    /// What it finds, in Korean.
    pub about_ko: &'static str,
    /// More English words to find it by.
    pub words: &'static str,
    /// More Korean words to find it by.
    pub words_ko: &'static str,
    /// The SQL with placeholders.
    sql: &'static str,
}

/// A statement with a `?` for each parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The SQL.
    pub text: String,
    /// What stands for each `?`, in order.
    pub parameters: Vec<String>,
}

/// Conditions that several questions share.
const SHARED: [(&str, &str); 6] = [
    ("$DENIED", "regexp_like(errorCode, 'AccessDenied|UnauthorizedOperation|AuthorizationError')"),
    (
        "$THROTTLED",
        "regexp_like(errorCode, 'Throttl|RequestLimitExceeded|ThroughputExceeded|TooManyRequests|SlowDown')",
    ),
    ("$DESTRUCTIVE", "errorCode IS NULL AND regexp_like(eventName, '^(Delete|Terminate|Purge|Remove|Deregister)')"),
    ("$CREATES", "(errorCode IS NULL AND readOnly = false AND regexp_like(eventName, '^(Create|Run)'))"),
    ("$DELETES", "(errorCode IS NULL AND readOnly = false AND regexp_like(eventName, '^(Delete|Terminate)'))"),
    (
        "$SESSION_KEY",
        "lower(k) IN ('aws:tokenissuetime', 'aws:multifactorauthage', 'aws:multifactorauthpresent', \
         'aws:federatedprovider', 'aws:sourceidentity', 'aws:assumedroot', 'aws:ec2instancesourcevpc')",
    ),
];

/// The range of a sample: what somebody who tries it wants to see first.
const LAST_WEEK: &str = "eventTime > date_add('day', -7, CAST(current_timestamp AS timestamp))";

/// What a widget's statement has in place of each placeholder, and its parameters.
const IN_WIDGETS: [(&str, &str, &[&str]); 3] = [
    ("$PERIOD", "?", &["$Period$"]),
    ("$EDS_ID", "?", &["$EventDataStoreId$"]),
    ("$TIMES", "eventTime > '?' AND eventTime < '?'", &["$StartTime$", "$EndTime$"]),
];

impl Question {
    /// Reads what follows `-- id: `: the id, a line for each text, and the SQL.
    ///
    /// # Panics
    /// On a text that is not of this form: the catalogue is part of the program.
    pub(crate) fn read(text: &'static str) -> Self {
        let (id, rest) = text.split_once('\n').expect("the id has a line of its own");
        let start = rest.find("\nSELECT").expect("each question has its SQL") + 1;
        let (head, sql) = rest.split_at(start);
        let line = |name: &str| {
            let value = |line: &'static str| line.strip_prefix("-- ")?.strip_prefix(name)?.strip_prefix(": ");
            head.lines().find_map(value)
        };
        let text = |name: &str| line(name).unwrap_or_else(|| panic!("the question `{id}` has no line `{name}`"));
        Self {
            id,
            of: read_kind(line("of")),
            view: read_view(text("view")),
            name: text("name"),
            name_ko: text("name.ko"),
            about: text("about"),
            about_ko: text("about.ko"),
            words: text("words"),
            words_ko: text("words.ko"),
            sql: sql.trim_end(),
        }
    }

    fn sql(&self) -> String {
        SHARED.iter().fold(self.sql.to_owned(), |sql, (name, condition)| sql.replace(name, condition))
    }

    /// The SQL of the last seven days, by days; `$EDS_ID` stands for the id of a store.
    pub fn sample(&self) -> String {
        self.sql().replace("$TIMES", LAST_WEEK).replace("$PERIOD", "day")
    }

    /// The SQL as widgets have it, with parameters for the store, the range and the period.
    pub fn widget(&self) -> Statement {
        let sql = self.sql();
        let (mut rest, mut text, mut parameters) = (sql.as_str(), String::new(), Vec::new());
        let next = |rest: &str| {
            let found = IN_WIDGETS.iter().filter_map(|it| rest.find(it.0).map(|at| (at, it)));
            found.min_by_key(|(at, _)| *at)
        };
        while let Some((at, (name, form, given))) = next(rest) {
            text.push_str(&rest[..at]);
            text.push_str(form);
            parameters.extend(given.iter().map(|it| (*it).to_owned()));
            rest = &rest[at + name.len()..];
        }
        text.push_str(rest);
        Statement { text, parameters }
    }
}

impl View {
    /// The properties that clients draw it by (CloudTrail user guide, "View properties for widgets"), under a title.
    pub fn properties(self, title: &str) -> BTreeMap<String, String> {
        let (view, columns): (&str, Vec<(&str, &str)>) = match self {
            Self::Table => ("Table", Vec::new()),
            Self::Line { x, y, series } => {
                let filter = series.map(|series| ("FilterColumn", series));
                ("LineChart", [("XAxisColumn", x), ("YAxisColumn", y)].into_iter().chain(filter).collect())
            }
            Self::Pie { label, value } => ("PieChart", vec![("LabelColumn", label), ("ValueColumn", value)]),
            Self::Bar { label, value } => {
                let columns = vec![("LabelColumn", label), ("ValueColumn", value), ("Orientation", "Horizontal")];
                ("BarChart", columns)
            }
        };
        let common = [("Title", title), ("View", view), ("Height", "6"), ("Width", "8")];
        common.into_iter().chain(columns).map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
    }
}

fn read_kind(of: Option<&str>) -> Kind {
    match of {
        None => Kind::Events,
        Some("Insight") => Kind::Insights,
        Some("ConfigurationItem") => Kind::ConfigurationItems,
        Some("ActivityAuditLog") => Kind::ActivityAuditLog,
        Some(other) => panic!("no store is of the kind `{other}`"),
    }
}

fn read_view(text: &'static str) -> View {
    let words: Vec<&str> = text.split(' ').collect();
    match words[..] {
        ["Table"] => View::Table,
        ["LineChart", x, y] => View::Line { x, y, series: None },
        ["LineChart", x, y, series] => View::Line { x, y, series: Some(series) },
        ["PieChart", label, value] => View::Pie { label, value },
        ["BarChart", label, value] => View::Bar { label, value },
        _ => panic!("no view is called `{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question;

    #[test]
    fn placeholders_become_parameters_in_order() {
        let question = question("denied-trend").expect("there");
        let Statement { text, parameters } = question.widget();
        let first = "SELECT date_trunc('?', eventTime) AS eventDate, count(*) AS eventCount\nFROM ?\n\
                     WHERE eventTime > '?' AND eventTime < '?' AND regexp_like(errorCode, ";
        assert!(text.starts_with(first), "{text}");
        assert_eq!(parameters, ["$Period$", "$EventDataStoreId$", "$StartTime$", "$EndTime$"]);
        let sample = question.sample();
        assert!(sample.contains("date_trunc('day', ") && sample.contains("FROM $EDS_ID\n"), "{sample}");
    }
}
