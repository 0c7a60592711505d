//! ListTags: the tags of up to 20 resources that show in the called Region.
//!
//! - Documented: resources are named by ARN; the token is reserved for later.
//! - Ours: the answer keeps the request's order. An event data store whose deletion is pending is `InactiveEventDataStoreException`.

use opentrail_wire::shapes::{ListTagsRequest, ListTagsResponse, ResourceTag};

use crate::tagging::show_tags;
use crate::{Api, Caller, Error};

/// How many resources one call may name.
const RESOURCES_MAX: usize = 20;

pub(crate) async fn list_tags(api: &Api, caller: &Caller, input: ListTagsRequest) -> Result<ListTagsResponse, Error> {
    if input.resource_id_list.len() > RESOURCES_MAX {
        return Err(Error::TooManyResources { max: RESOURCES_MAX });
    }
    let mut listed = Vec::with_capacity(input.resource_id_list.len());
    for id in input.resource_id_list {
        let tags = api.tags_of(caller, &id).await?;
        listed.push(ResourceTag { resource_id: Some(id), tags_list: Some(show_tags(&tags)) });
    }
    Ok(ListTagsResponse { resource_tag_list: Some(listed), next_token: None })
}
