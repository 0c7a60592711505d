//! Where queries run, and what their operations have in common.

use std::fmt;
use std::io;

use async_trait::async_trait;
use opentrail_catalog::{Query, QueryCost};
use opentrail_model::{AccountId, EventDataStore, EventDataStoreArn};
use opentrail_wire::shapes;

use crate::error::{LakeError, QueryError};
use crate::{Api, Caller, Error};

/// How many stores one statement may read.
const STORES_MAX: usize = 20;

/// Why a statement cannot be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementRefused {
    /// It reads a table that is not among the stores that were given.
    UnknownTable {
        /// The table's name as it was written.
        name: String,
        /// What to tell the caller if there is no such store.
        message: String,
    },
    /// Anything else, with the place.
    Invalid(String),
}

/// A part of a result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ResultPage {
    /// The titles of the columns.
    pub columns: Vec<String>,
    /// Rows of texts; none is NULL.
    pub rows: Vec<Vec<Option<String>>>,
    /// Is there nothing behind them?
    pub is_end: bool,
}

/// Runs queries and keeps their results; the catalog knows which there are.
#[async_trait]
pub trait Queries: Send + Sync + fmt::Debug {
    /// Can the statement be run over these stores, and over the log files that it names, by this caller? No record is read.
    async fn check(&self, statement: &str, stores: &[EventDataStore], caller: &Caller) -> Result<(), StatementRefused>;

    /// Runs a query that the catalog has as queued, when its turn comes, and notes there how it ends. Log files are read with the
    /// rights of the caller.
    fn begin(&self, query: Query, caller: &Caller);

    /// Stops a query, if it is queued or runs.
    fn cancel(&self, id: &str);

    /// What a query that runs has cost up to now.
    fn cost(&self, id: &str) -> Option<QueryCost>;

    /// Rows of a result from `first` (counted from 0) on, at most `count`: perhaps fewer, but one if there is one.
    async fn rows(&self, id: &str, first: u64, count: usize) -> io::Result<ResultPage>;

    /// Lays the definition of a store's table beside its files, for engines other than ours, or takes it away.
    async fn define(&self, store: &EventDataStore, is_federated: bool) -> Result<(), opentrail_lake::Error>;
}

impl Api {
    /// The stores that a statement reads, once it is found to be right.
    pub(crate) async fn stores_of(
        &self,
        caller: &Caller,
        owner: &AccountId,
        statement: &str,
    ) -> Result<Vec<EventDataStore>, Error> {
        let mut stores: Vec<EventDataStore> = Vec::new();
        loop {
            match self.queries.check(statement, &stores, caller).await {
                Ok(()) => return Ok(stores),
                Err(StatementRefused::Invalid(message)) => return Err(QueryError::Statement(message).into()),
                Err(StatementRefused::UnknownTable { name, message }) => {
                    let arn = EventDataStoreArn::new(caller.region.clone(), owner.clone(), &name.to_lowercase());
                    let is_known = |arn: &EventDataStoreArn| stores.iter().any(|store| store.arn == *arn);
                    let arn = arn.filter(|arn| stores.len() < STORES_MAX && !is_known(arn));
                    let arn = arn.ok_or(QueryError::Statement(message))?;
                    let stored = self.find_store(caller, &arn.to_string(), "cloudtrail:StartQuery").await?;
                    if stored.store.gone_at.is_some() {
                        return Err(LakeError::StoreInactive(arn).into());
                    }
                    stores.push(stored.store);
                }
            }
        }
    }

    /// The caller's query of this id. What it reads must be there and not be about to be deleted.
    pub(crate) async fn find_query(&self, caller: &Caller, id: &str) -> Result<Query, Error> {
        let found = self.catalog.query(id).await?;
        let is_visible = |query: &Query| query.account == *caller.account() && query.region == caller.region;
        let query = found.filter(is_visible).ok_or_else(|| QueryError::NotFound(id.to_owned()))?;
        self.check_stores(&query).await?;
        Ok(query)
    }

    /// What a query reads must be there and not be about to be deleted.
    pub(crate) async fn check_stores(&self, query: &Query) -> Result<(), Error> {
        for text in &query.stores {
            let arn: EventDataStoreArn = text.parse().map_err(|_| Error::InvalidStoreArn(text.clone()))?;
            let stored = self.catalog.event_data_store(&arn).await?;
            let stored = stored.ok_or_else(|| Error::StoreNotFound(text.clone()))?;
            if stored.store.gone_at.is_some() {
                return Err(LakeError::StoreInactive(arn).into());
            }
        }
        Ok(())
    }

    /// The query with its cost up to now.
    pub(crate) fn with_cost(&self, mut query: Query) -> Query {
        if !query.status.is_end()
            && let Some(cost) = self.queries.cost(&query.id)
        {
            query.cost = cost;
        }
        query
    }
}

/// The status as it travels.
pub(crate) fn status(query: &Query) -> shapes::QueryStatus {
    query.status.as_str().into()
}

/// A count as it travels.
pub(crate) fn long(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as it travels.
pub(crate) fn int(count: u64) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}
