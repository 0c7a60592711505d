//! ListTags: the tags of up to 20 resources that show in the called Region.
//!
//! - Documented: resources are named by ARN; the token is reserved for later.
//! - Ours: the answer keeps the request's order. Other taggable resources are not built yet and therefore never found.

use opentrail_wire::shapes::{ListTagsRequest, ListTagsResponse, ResourceTag};

use crate::tagging::{Resource, resource, show_tags};
use crate::{Api, Caller, Error};

/// How many resources one call may name.
const RESOURCES_MAX: usize = 20;

pub(crate) async fn list_tags(api: &Api, caller: &Caller, input: ListTagsRequest) -> Result<ListTagsResponse, Error> {
    if input.resource_id_list.len() > RESOURCES_MAX {
        return Err(Error::TooManyResources { max: RESOURCES_MAX });
    }
    let mut listed = Vec::with_capacity(input.resource_id_list.len());
    for id in input.resource_id_list {
        listed.push(tags_of(api, caller, id).await?);
    }
    Ok(ListTagsResponse { resource_tag_list: Some(listed), next_token: None })
}

async fn tags_of(api: &Api, caller: &Caller, id: String) -> Result<ResourceTag, Error> {
    match resource(&id)? {
        Resource::Trail(_) => {}
        Resource::Store => return Err(Error::StoreNotFound(id)),
        Resource::Channel | Resource::Dashboard => return Err(Error::ResourceNotFound(id)),
    }
    match api.find(caller, &id).await {
        Ok(stored) => Ok(ResourceTag { resource_id: Some(id), tags_list: Some(show_tags(&stored.trail.tags)) }),
        Err(Error::TrailNotFound { shown, .. }) => Err(Error::ResourceNotFound(shown)),
        Err(error) => Err(error),
    }
}
