//! What a search asks for.

use opentrail_api::Binding;
use opentrail_lake::Place;
use opentrail_model::AccountId;
use opentrail_model::filter::Filter;
use opentrail_stdx::Timestamp;
use serde::Deserialize;
use serde_json::Value;

use super::SearchError;
use crate::service::question::{InvalidQuestion, Question, Written};

/// The request as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default, deny_unknown_fields)]
struct SearchEvents {
    filter: Option<Filter>,
    r#where: Option<String>,
    start_time: Option<Value>,
    end_time: Option<Value>,
    categories: Option<Vec<String>>,
    regions: Option<Vec<String>>,
    limit: Option<u64>,
    next_token: Option<String>,
    follow: bool,
    position: Option<u64>,
}

/// The request, understood.
#[derive(Debug)]
pub(super) struct Search {
    pub(super) filter: Filter,
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
    /// The most events; none: all.
    pub(super) limit: Option<u64>,
    /// Only what comes after this place: where the answer before ended.
    pub(super) after: Option<Place>,
    /// What the token of the next answer is bound to.
    pub(super) binding: Binding,
    /// Answer what arrives, in the order in which it does, and wait for more.
    pub(super) is_follow: bool,
    /// Where following begins.
    pub(super) position: Option<u64>,
}

impl Search {
    /// Reads the body of a request; an empty one asks for all management events.
    pub(super) fn read(body: &[u8], account: &AccountId, now: Timestamp) -> Result<Self, SearchError> {
        let body = if body.is_empty() { b"{}" } else { body };
        let request: SearchEvents = serde_json::from_slice(body)
            .map_err(|error| InvalidQuestion(format!("the body is not as expected: {error}")))?;
        let (limit, is_follow, position) = (request.limit, request.follow, request.position);
        let written = Written {
            filter: request.filter,
            r#where: request.r#where,
            start_time: request.start_time,
            end_time: request.end_time,
            categories: request.categories,
            regions: request.regions,
        };
        let question = written.understand((!is_follow).then_some(now))?;
        if position.is_some() && !is_follow {
            let message = "`Position` is where `Follow` begins; give both or neither";
            return Err(InvalidQuestion(message.to_owned()).into());
        }
        let binding = binding(account, &question);
        let after = match &request.next_token {
            Some(token) if !is_follow => {
                Some(binding.place(token).ok_or_else(|| {
                    InvalidQuestion("`NextToken` is not that of an answer to this question".to_owned())
                })?)
            }
            Some(_) => return Err(InvalidQuestion("`Follow` has no pages; leave `NextToken` out".to_owned()).into()),
            None => None,
        };
        let Question { filter, from, to } = question;
        Ok(Self { filter, from, to, limit, after, binding, is_follow, position })
    }
}

/// A token is good for the same question, however many events of it are asked for.
fn binding(account: &AccountId, question: &Question) -> Binding {
    let ms = |at: Option<Timestamp>| at.map(|at| at.as_ms().to_string());
    let (filter, from, to) = (question.filter.to_string(), ms(question.from), ms(question.to));
    Binding::new("SearchEvents", &[Some(account.as_str()), Some(&filter), from.as_deref(), to.as_deref()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(body: &str) -> Result<Search, SearchError> {
        let account = "123456789012".parse().expect("an account");
        Search::read(body.as_bytes(), &account, Timestamp::from_secs(1_000))
    }

    fn check(body: &str, expected: &str) {
        let shown = match read(body) {
            Ok(search) => search.filter.to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(shown, expected, "{body}");
    }

    #[test]
    fn all_that_is_asked_must_hold() {
        check("", "category = Management");
        check(r#"{"Categories":["ALL"]}"#, "all");
        check(r#"{"Categories":["data","insight"]}"#, "category = Data OR category = Insight");
        check(
            r#"{"Regions":["eu-west-1"],"Where":"user = a OR user = b","Filter":{"has":"error-code"}}"#,
            "category = Management AND region = eu-west-1 AND error-code = * AND (username = a OR username = b)",
        );
    }

    #[test]
    fn what_is_wrong_is_told() {
        check(
            r#"{"Categories":["dta"]}"#,
            "unknown category `dta`; there are management, data, network, insight, aggregated, activity and all",
        );
        check(r#"{"StartTime":"soon"}"#, "`StartTime` must be seconds since 1970, or text of ISO 8601");
        let range = "`StartTime` must be neither after `EndTime` nor in the future";
        check(r#"{"StartTime":2,"EndTime":1}"#, range);
        check(r#"{"StartTime":2000}"#, range);
        check(r#"{"EndTime":1}"#, "category = Management");
        check(r#"{"StartTime":2000,"EndTime":2001}"#, "category = Management");
        check(
            r#"{"Where":"usr = x"}"#,
            "`Where`: there is no attribute `usr`; did you mean `username`? (at character 1)",
        );
        check(r#"{"Position":1}"#, "`Position` is where `Follow` begins; give both or neither");
        check(
            r#"{"Fllow":true}"#,
            "the body is not as expected: unknown field `Fllow`, expected one of `Filter`, `Where`, `StartTime`, `EndTime`, `Categories`, `Regions`, `Limit`, `NextToken`, `Follow`, `Position` at line 1 column 8",
        );
    }

    #[test]
    fn a_token_leads_on_in_its_own_question_only() {
        let place = Place { time: Timestamp::from_ms(7), position: 9 };
        let token = read(r#"{"Where":"user = a","Limit":2}"#).expect("a search").binding.token(place);
        let with_token = |rest: &str| format!(r#"{{"NextToken":"{token}",{rest}}}"#);
        let again = read(&with_token(r#""Where":"user = a","Limit":50"#)).expect("the same question");
        assert_eq!(again.after, Some(place));
        let message = "`NextToken` is not that of an answer to this question";
        check(&with_token(r#""Where":"user = b""#), message);
        check(&with_token(r#""Where":"user = a","EndTime":5"#), message);
        check(r#"{"NextToken":"x"}"#, message);
        check(&with_token(r#""Follow":true"#), "`Follow` has no pages; leave `NextToken` out");
    }
}
