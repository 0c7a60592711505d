//! RemoveTags: removes tags from a trail, event data store, channel or dashboard by their keys.
//!
//! - Documented: as AddTags.
//! - Ours: values are not looked at, and keys that aren't there don't matter.

use opentrail_model::tag;
use opentrail_wire::shapes::{RemoveTagsRequest, RemoveTagsResponse};

use crate::tagging::read_tags;
use crate::{Api, Caller, Error};

pub(crate) async fn remove_tags(
    api: &Api,
    caller: &Caller,
    input: RemoveTagsRequest,
) -> Result<RemoveTagsResponse, Error> {
    let removed = read_tags(input.tags_list);
    api.change_tags(caller, &input.resource_id, |present| tag::remove_tags(present, &removed)).await?;
    Ok(RemoveTagsResponse {})
}
