//! Pages of lists whose items have numbers that grow, from 1 on, and stay.

use opentrail_lake::Place;
use opentrail_stdx::Timestamp;

use crate::page_token::Binding;
use crate::{Caller, Error};

/// Items of a page when the caller doesn't say; also the most that the model lets him ask for.
const PAGE: usize = 1000;

/// Which page is asked for.
pub(crate) struct Paging {
    binding: Binding,
    token: Option<String>,
    limit: usize,
}

impl Paging {
    /// A caller's question; `filters` are the parameters that a token is bound to.
    pub(crate) fn new(
        operation: &str,
        caller: &Caller,
        filters: &[Option<&str>],
        token: Option<String>,
        limit: Option<i32>,
    ) -> Self {
        let mut parameters = vec![Some(caller.account().as_str()), Some(caller.region.as_str())];
        parameters.extend(filters);
        let limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE).clamp(1, PAGE);
        Self { binding: Binding::new(operation, &parameters), token, limit }
    }

    /// The number after which the page begins.
    pub(crate) fn after(&self) -> Result<i64, Error> {
        let Some(token) = &self.token else { return Ok(0) };
        let place = self.binding.place(token).ok_or(Error::NextToken)?;
        Ok(i64::try_from(place.position).unwrap_or(i64::MAX))
    }

    /// How many items must be read to fill the page and to know whether there is another.
    pub(crate) fn rows(&self) -> u32 {
        u32::try_from(self.limit + 1).unwrap_or(u32::MAX)
    }
}

/// The items of a page, and the token for the next one. Items are in the order of their numbers.
pub(crate) fn page<T>(
    paging: &Paging,
    items: Vec<T>,
    number: impl Fn(&T) -> i64,
) -> Result<(Vec<T>, Option<String>), Error> {
    let place = |item: &T| Place { time: Timestamp::EPOCH, position: number(item).unsigned_abs() };
    let after = paging.after()?;
    let mut rest = items.into_iter().filter(|item| number(item) > after);
    let items: Vec<T> = rest.by_ref().take(paging.limit).collect();
    let next = rest.next().and_then(|_| items.last()).map(|last| paging.binding.token(place(last)));
    Ok((items, next))
}
