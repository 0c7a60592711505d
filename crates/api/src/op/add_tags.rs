//! AddTags: adds tags to a trail, event data store, channel or dashboard, replacing the values of keys that are there.
//!
//! - Documented: the resource is named by ARN; at most 50 tags; a multi-Region trail is tagged in its home Region; each
//!   key once in a request; keys that begin with `aws:` are reserved.
//! - Ours: outside of the home Region it is `OperationNotPermittedException`, of the errors that the model gives this
//!   operation the one that fits. An event data store whose deletion is pending is `InactiveEventDataStoreException`.

use opentrail_model::tag;
use opentrail_wire::shapes::{AddTagsRequest, AddTagsResponse};

use crate::tagging::read_tags;
use crate::{Api, Caller, Error};

pub(crate) async fn add_tags(api: &Api, caller: &Caller, input: AddTagsRequest) -> Result<AddTagsResponse, Error> {
    let added = read_tags(input.tags_list);
    api.change_tags(caller, &input.resource_id, |present| tag::add_tags(present, &added)).await?;
    Ok(AddTagsResponse {})
}
