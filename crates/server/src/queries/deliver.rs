//! The delivery of a result to the bucket that its query named: CSV files, then a file that signs them.

use bytes::Bytes;
use opentrail_blob::{Buckets, OnBehalf, PutOptions, split_s3_uri};
use opentrail_catalog::{Query, QueryDelivery, QueryStatus};
use opentrail_delivery::Chosen;
use opentrail_query::ResultFile;
use opentrail_seal::hash::sha256_hex;
use opentrail_seal::query_result::{ResultFileEntry, sign};
use opentrail_stdx::Timestamp;

use super::Desk;
use super::csv;

/// A CSV file ends when it has so many bytes, uncompressed.
const FILE_BYTES: usize = 64 << 20;

/// Rows that are read at once, in bytes.
const READ_BYTES: usize = 4 << 20;

/// Why a delivery failed, in the terms of its status.
struct Failed(QueryDelivery);

impl Desk {
    /// Delivers the result of a query, if it has one that is to be delivered and is not yet, and notes how that went.
    pub(super) async fn deliver(&self, id: &str) {
        let query = match self.catalog.query(id).await {
            Ok(Some(query)) => query,
            Ok(None) => return,
            Err(error) => return tracing::error!(%error, query = id, "a query could not be read for its delivery"),
        };
        if query.status != QueryStatus::Finished || query.delivery != Some(QueryDelivery::Pending) {
            return;
        }
        let outcome = match self.put_all(&query).await {
            Ok(()) => QueryDelivery::Success,
            Err(Failed(status)) => status,
        };
        let noted = async {
            let mut transaction = self.catalog.begin().await?;
            transaction.set_query_delivery(id, outcome).await?;
            // Commit point: it is told. A crash before it delivers the same files once more.
            transaction.commit().await
        };
        if let Err(error) = noted.await {
            tracing::error!(%error, query = id, "a delivery could not be noted; it is repeated at the next start");
        }
    }

    async fn put_all(&self, query: &Query) -> Result<(), Failed> {
        let place = Place::of(query, self.clock.now()).ok_or(Failed(QueryDelivery::Failed))?;
        let result = self.files.read(&query.id).map_err(|error| unreadable(query, &error))?;
        let (mut entries, mut first) = (Vec::new(), 0);
        while entries.is_empty() || first < result.row_count() {
            let (text, next) = part(query, &result, first).map_err(|error| unreadable(query, &error))?;
            first = next;
            let file_name = format!("result_{}.csv.gz", entries.len() + 1);
            let body = opentrail_seal::compress(text.as_bytes());
            entries.push(ResultFileEntry { file_hash_value: sha256_hex(&body), file_name: file_name.clone() });
            let options = options("text/csv", Some("gzip"));
            self.put(query, &place, &file_name, body, &options)
                .await
                .map_err(|error| Failed(status_of(&error, QueryDelivery::AccessDenied, QueryDelivery::Failed)))?;
        }
        self.put_signature(query, &place, entries).await
    }

    async fn put_signature(&self, query: &Query, place: &Place, entries: Vec<ResultFileEntry>) -> Result<(), Failed> {
        let signed = self.signed(query, entries).await.map_err(|error| {
            tracing::error!(error = %error, query = query.id, "the result of a query could not be signed");
            Failed(QueryDelivery::FailedSigningFile)
        })?;
        let options = options("application/json", None);
        self.put(query, place, "result_sign.json", signed, &options).await.map_err(|error| {
            Failed(status_of(&error, QueryDelivery::AccessDeniedSigningFile, QueryDelivery::FailedSigningFile))
        })
    }

    /// Signs with the key that digests of the Region are signed with at this moment.
    async fn signed(&self, query: &Query, entries: Vec<ResultFileEntry>) -> anyhow::Result<Vec<u8>> {
        let (now, region) = (self.clock.now(), query.region.as_str());
        // Held while a key is made, so that two deliveries don't make two.
        let mut keys = self.keys.lock().await;
        let Chosen { key, fresh } = keys.choose(&self.catalog, region, now).await?;
        if let Some(fresh) = &fresh {
            let mut transaction = self.catalog.begin().await?;
            transaction.insert_signing_key(fresh).await?;
            // Commit point: everybody can learn the key before anything is signed with it.
            transaction.commit().await?;
        }
        drop(keys);
        Ok(serde_json::to_vec(&sign(region, entries, now, &key)?)?)
    }

    async fn put(
        &self,
        query: &Query,
        place: &Place,
        name: &str,
        body: Vec<u8>,
        options: &PutOptions,
    ) -> Result<(), opentrail_blob::Error> {
        let on_behalf = OnBehalf {
            trail_arn: query.stores.first().cloned().unwrap_or_default(),
            account: query.account.to_string(),
            region: query.region.to_string(),
        };
        let key = format!("{}/{name}", place.folder);
        self.chain.put(&place.bucket, &key, Bytes::from(body), options, &on_behalf).await
    }
}

/// Where the files of a result go.
struct Place {
    bucket: String,
    folder: String,
}

impl Place {
    fn of(query: &Query, now: Timestamp) -> Option<Self> {
        let (bucket, prefix) = split_s3_uri(query.delivery_uri.as_deref()?)?;
        let prefix = prefix.trim_end_matches('/');
        let slash = if prefix.is_empty() { "" } else { "/" };
        let day = now.date_path();
        let (account, id) = (&query.account, &query.id);
        let folder = format!("{prefix}{slash}AWSLogs/{account}/CloudTrail-Lake/Query/{day}/{id}");
        Some(Self { bucket: bucket.to_owned(), folder })
    }
}

/// One CSV file from a row on, and the first row of the next.
fn part(query: &Query, result: &ResultFile, from: u64) -> std::io::Result<(String, u64)> {
    let mut text = csv::head(query, result.columns());
    let mut first = from;
    while text.len() < FILE_BYTES {
        let page = result.rows(first, usize::MAX, READ_BYTES)?;
        first += page.rows.len() as u64;
        page.rows.iter().for_each(|row| csv::write_row(&mut text, row));
        if page.is_end {
            break;
        }
    }
    Ok((text, first))
}

fn options(content_type: &'static str, content_encoding: Option<&'static str>) -> PutOptions {
    PutOptions { content_type, content_encoding, metadata: Vec::new(), kms_key_id: None }
}

fn status_of(error: &opentrail_blob::Error, denied: QueryDelivery, failed: QueryDelivery) -> QueryDelivery {
    tracing::warn!(%error, "the result of a query could not be delivered");
    match &*error.code {
        "NoSuchBucket" => QueryDelivery::ResourceNotFound,
        "AccessDenied" => denied,
        _ => failed,
    }
}

fn unreadable(query: &Query, error: &std::io::Error) -> Failed {
    tracing::error!(%error, query = query.id, "the result of a query could not be read for its delivery");
    Failed(QueryDelivery::Failed)
}
