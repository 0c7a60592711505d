//! Resources that carry tags, as callers name them: by full ARN.

use opentrail_model::lake_arn::is_uuid;
use opentrail_model::{Tag, Trail, TrailArn};
use opentrail_wire::shapes;

use crate::error::LakeError;
use crate::find::Effective;
use crate::{Api, Caller, Error, channels};

/// A well-formed ARN of something that CloudTrail tags.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resource {
    Trail(TrailArn),
    Store,
    Channel,
    Dashboard,
}

/// What an ARN names: another service's ARN is of an unsupported type, text that is no ARN is invalid.
pub(crate) fn resource(id: &str) -> Result<Resource, Error> {
    let invalid = || Error::InvalidResourceArn(id.to_owned());
    let ["arn", _, service, _, _, resource] = *id.splitn(6, ':').collect::<Vec<_>>() else { return Err(invalid()) };
    if service != "cloudtrail" {
        return Err(Error::ResourceType(id.to_owned()));
    }
    let (kind, name) = resource.split_once('/').ok_or_else(invalid)?;
    match kind {
        "trail" => Ok(Resource::Trail(id.parse()?)),
        "eventdatastore" if is_uuid(name) => Ok(Resource::Store),
        "eventdatastore" => Err(Error::InvalidStoreArn(id.to_owned())),
        "channel" if is_uuid(name) => Ok(Resource::Channel),
        "channel" => Err(Error::InvalidChannelArn(id.to_owned())),
        "dashboard" => Ok(Resource::Dashboard),
        _ => Err(invalid()),
    }
}

pub(crate) fn read_tags(tags: Vec<shapes::Tag>) -> Vec<Tag> {
    tags.into_iter().map(|tag| Tag { key: tag.key, value: tag.value }).collect()
}

pub(crate) fn show_tags(tags: &[Tag]) -> Vec<shapes::Tag> {
    tags.iter().map(|tag| shapes::Tag { key: tag.key.clone(), value: tag.value.clone() }).collect()
}

impl Api {
    /// Changes the tags of a resource.
    pub(crate) async fn change_tags<F>(&self, caller: &Caller, id: &str, change: F) -> Result<(), Error>
    where
        F: Fn(&[Tag]) -> Result<Vec<Tag>, opentrail_model::TagError> + Send + Sync,
    {
        match resource(id)? {
            Resource::Trail(_) => self.change_trail_tags(caller, id, change).await,
            Resource::Store => {
                let mut edit = self.store_change(caller, id).await.map_err(foreign_store)?;
                let store = edit.active()?;
                store.tags = change(&store.tags)?;
                edit.save(self, Effective::Now).await.map(drop)
            }
            Resource::Channel => self.change_channel_tags(caller, id, change).await,
            Resource::Dashboard => {
                let mut edit = self.dashboard_change(caller, id).await?;
                edit.stored.dashboard.tags = change(&edit.stored.dashboard.tags)?;
                edit.save().await.map(drop)
            }
        }
    }

    async fn change_channel_tags<F>(&self, caller: &Caller, id: &str, change: F) -> Result<(), Error>
    where
        F: Fn(&[Tag]) -> Result<Vec<Tag>, opentrail_model::TagError> + Send + Sync,
    {
        let unknown = || Error::ChannelNotFound(id.to_owned());
        let arn = channels::channel_arn(caller, id).map_err(|_| unknown())?;
        let mut transaction = self.catalog.begin().await?;
        let mut stored = channels::visible(transaction.channel(&arn).await?, caller, &arn)?;
        stored.channel.tags = change(&stored.channel.tags)?;
        transaction.update_channel(&stored).await?;
        // Commit point: all of the change or nothing of it.
        Ok(transaction.commit().await?)
    }

    /// The tags of a resource that shows in the called Region.
    pub(crate) async fn tags_of(&self, caller: &Caller, id: &str) -> Result<Vec<Tag>, Error> {
        match resource(id)? {
            Resource::Trail(_) => match self.find(caller, id).await {
                Ok(stored) => Ok(stored.trail.tags),
                Err(Error::TrailNotFound { shown, .. }) => Err(Error::ResourceNotFound(shown)),
                Err(error) => Err(error),
            },
            Resource::Store => {
                let store = self.own_store(caller, id).await.map_err(foreign_store)?.store;
                if store.gone_at.is_some() { Err(LakeError::StoreInactive(store.arn).into()) } else { Ok(store.tags) }
            }
            Resource::Channel => match self.find_channel(caller, id).await {
                Ok(stored) => Ok(stored.channel.tags),
                Err(Error::ChannelNotFound(_) | Error::InvalidChannelArn(_)) => {
                    Err(Error::ResourceNotFound(id.to_owned()))
                }
                Err(error) => Err(error),
            },
            Resource::Dashboard => Ok(self.find_dashboard(caller, id).await?.dashboard.tags),
        }
    }

    async fn change_trail_tags<F>(&self, caller: &Caller, id: &str, change: F) -> Result<(), Error>
    where
        F: Fn(&[Tag]) -> Result<Vec<Tag>, opentrail_model::TagError> + Send + Sync,
    {
        let retag = |trail: &mut Trail| {
            trail.tags = change(&trail.tags)?;
            Ok(())
        };
        match self.change(caller, id, Effective::Now, retag).await {
            Err(Error::TrailNotFound { shown, .. }) => Err(Error::ResourceNotFound(shown)),
            Err(Error::ForeignHome { arn }) => Err(Error::ForeignTags { arn }),
            done => done.map(drop),
        }
    }
}

/// A well-formed ARN of another account's store names nothing that can be tagged.
fn foreign_store(error: Error) -> Error {
    match error {
        Error::InvalidStoreArn(arn) => Error::StoreNotFound(arn),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_told_apart() {
        let check = |id: &str| resource(id).map_err(|error| error.shape().map(|shape| shape.name()));
        let arn = |rest: &str| format!("arn:aws:cloudtrail:us-east-1:123456789012:{rest}");
        let id = "01234567-89ab-cdef-0123-456789abcdef";
        assert!(matches!(check(&arn("trail/abc")), Ok(Resource::Trail(_))));
        assert_eq!(check(&arn(&format!("eventdatastore/{id}"))), Ok(Resource::Store));
        assert_eq!(check(&arn(&format!("channel/{id}"))), Ok(Resource::Channel));
        assert_eq!(check(&arn("dashboard/mine")), Ok(Resource::Dashboard));
        let invalid = Err(Some("CloudTrailARNInvalidException"));
        for bad in ["", "abc", "arn:aws:cloudtrail", &arn("trail"), &arn("trail/a"), &arn("thing/abc")] {
            assert_eq!(check(bad), invalid, "{bad}");
        }
        assert_eq!(check(&arn("eventdatastore/1")), Err(Some("EventDataStoreARNInvalidException")));
        assert_eq!(check(&arn("channel/1")), Err(Some("ChannelARNInvalidException")));
        assert_eq!(check("arn:aws:s3:::bucket"), Err(Some("ResourceTypeNotSupportedException")));
    }
}
