//! Channels, and how their latest events went.

use opentrail_model::{AccountId, Channel, ChannelArn, Region};
use opentrail_stdx::Timestamp;
use sqlx::Row;

use crate::resource::{Kept, ResourceTable, write_body};
use crate::{Catalog, Error, Transaction};

/// A channel with its place in the catalog.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChannel {
    /// Never given to another one.
    pub id: i64,
    /// Grows with each change; the compare-and-swap value.
    pub version: i64,
    /// The settings.
    pub channel: Channel,
}

const CHANNELS: ResourceTable<Channel> = ResourceTable::new("channel");

impl From<Kept<Channel>> for StoredChannel {
    fn from(Kept { id, version, settings }: Kept<Channel>) -> Self {
        Self { id, version, channel: settings }
    }
}

/// What GetChannel tells of a channel's events. An error doesn't reset the latest success.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelIngestion {
    /// When an event was last taken in.
    pub success_at: Option<Timestamp>,
    /// The id that this event was given.
    pub success_event_id: Option<String>,
    /// Why the latest event was refused, if it was.
    pub error_code: Option<String>,
    /// When an event last came.
    pub attempt_at: Option<Timestamp>,
    /// The id that this event came with, or was given.
    pub attempt_event_id: Option<String>,
}

impl Catalog {
    /// The channel of that ARN.
    pub async fn channel(&self, arn: &ChannelArn) -> Result<Option<StoredChannel>, Error> {
        CHANNELS.by_arn(self.reader(), arn).await
    }

    /// All channels of an account in a Region, by age.
    pub async fn channels_of(&self, account: &AccountId, region: &Region) -> Result<Vec<StoredChannel>, Error> {
        CHANNELS.of(self.reader(), account, region).await
    }

    /// How a channel's latest events went; all empty before the first one.
    pub async fn channel_ingestion(&self, channel_id: i64) -> Result<ChannelIngestion, Error> {
        let row = sqlx::query("SELECT * FROM channel_ingestion WHERE channel_id = $1")
            .bind(channel_id)
            .fetch_optional(self.reader())
            .await?;
        let Some(row) = row else { return Ok(ChannelIngestion::default()) };
        let time = |column| row.try_get::<Option<i64>, _>(column).map(|ms| ms.map(Timestamp::from_ms));
        Ok(ChannelIngestion {
            success_at: time("success_at_ms")?,
            success_event_id: row.try_get("success_event_id")?,
            error_code: row.try_get("error_code")?,
            attempt_at: time("attempt_at_ms")?,
            attempt_event_id: row.try_get("attempt_event_id")?,
        })
    }
}

impl Transaction {
    /// The channel of that ARN.
    pub async fn channel(&mut self, arn: &ChannelArn) -> Result<Option<StoredChannel>, Error> {
        CHANNELS.by_arn(self.connection(), arn).await
    }

    /// All channels of an account in a Region, by age.
    pub async fn channels_of(&mut self, account: &AccountId, region: &Region) -> Result<Vec<StoredChannel>, Error> {
        CHANNELS.of(self.connection(), account, region).await
    }

    /// Adds a channel and answers its id. [`Error::Conflict`] when its ARN, name or source is taken.
    pub async fn insert_channel(&mut self, channel: &Channel) -> Result<i64, Error> {
        self.change_rules();
        let row = sqlx::query(
            "INSERT INTO channel (arn, account, region, name, source, version, body) \
             VALUES ($1, $2, $3, $4, $5, 1, $6) RETURNING id",
        )
        .bind(channel.arn.to_string())
        .bind(channel.arn.account.as_str())
        .bind(channel.arn.region.as_str())
        .bind(&channel.name)
        .bind(&channel.source)
        .bind(write_body(channel)?)
        .fetch_one(self.connection())
        .await?;
        Ok(row.try_get("id")?)
    }

    /// Replaces the settings by those of `changed`, whose id and version are as they were read. [`Error::Conflict`]
    /// when somebody else changed or deleted it since, or when its new name is taken.
    pub async fn update_channel(&mut self, changed: &StoredChannel) -> Result<(), Error> {
        self.change_rules();
        let done = sqlx::query(
            "UPDATE channel SET version = version + 1, name = $1, body = $2 WHERE id = $3 AND version = $4",
        )
        .bind(&changed.channel.name)
        .bind(write_body(&changed.channel)?)
        .bind(changed.id)
        .bind(changed.version)
        .execute(self.connection())
        .await?;
        if done.rows_affected() == 0 { Err(Error::Conflict) } else { Ok(()) }
    }

    /// Deletes a channel and its policy.
    pub async fn delete_channel(&mut self, gone: &StoredChannel) -> Result<(), Error> {
        self.change_rules();
        sqlx::query("DELETE FROM channel WHERE id = $1").bind(gone.id).execute(self.connection()).await?;
        self.delete_resource_policy(&gone.channel.arn.to_string()).await?;
        Ok(())
    }

    /// Notes how the latest event of a channel went: with an error code, or well. A channel that is gone by now is left
    /// alone.
    pub async fn note_channel_ingestion(
        &mut self,
        channel_id: i64,
        at: Timestamp,
        event_id: &str,
        error_code: Option<&str>,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO channel_ingestion \
               (channel_id, success_at_ms, success_event_id, error_code, attempt_at_ms, attempt_event_id) \
             SELECT id, CASE WHEN $4 IS NULL THEN $2 END, CASE WHEN $4 IS NULL THEN $3 END, $4, $2, $3 \
             FROM channel WHERE id = $1 \
             ON CONFLICT (channel_id) DO UPDATE SET \
               success_at_ms = CASE WHEN $4 IS NULL THEN $2 ELSE success_at_ms END, \
               success_event_id = CASE WHEN $4 IS NULL THEN $3 ELSE success_event_id END, \
               error_code = $4, attempt_at_ms = $2, attempt_event_id = $3",
        )
        .bind(channel_id)
        .bind(at.as_ms())
        .bind(event_id)
        .bind(error_code)
        .execute(self.connection())
        .await?;
        Ok(())
    }
}
