//! The operations that s3s parses and prints for us, one file per noun.

mod bucket;
mod complete;
mod copy;
mod delete;
mod get;
mod list;
mod multipart;
mod put;
mod tagging;

use async_trait::async_trait;
use s3s::dto::*;
use s3s::{S3, S3Request, S3Response, S3Result};

use crate::store::{Context, Store};

pub(crate) use put::{ObjectHead, put_bytes};

/// Passes each operation on to its function: `request => module::function`.
macro_rules! operations {
    ($($method:ident($input:ident) -> $output:ident => $module:ident;)*) => {
        #[async_trait]
        impl S3 for Store {
            $(async fn $method(&self, request: S3Request<$input>) -> S3Result<S3Response<$output>> {
                let context = Context::of(&request)?;
                Ok($module::$method(self, &context, request).await?)
            })*
        }
    };
}

operations! {
    list_buckets(ListBucketsInput) -> ListBucketsOutput => bucket;
    create_bucket(CreateBucketInput) -> CreateBucketOutput => bucket;
    head_bucket(HeadBucketInput) -> HeadBucketOutput => bucket;
    delete_bucket(DeleteBucketInput) -> DeleteBucketOutput => bucket;
    get_bucket_location(GetBucketLocationInput) -> GetBucketLocationOutput => bucket;
    list_objects(ListObjectsInput) -> ListObjectsOutput => list;
    list_objects_v2(ListObjectsV2Input) -> ListObjectsV2Output => list;
    list_object_versions(ListObjectVersionsInput) -> ListObjectVersionsOutput => list;
    get_object(GetObjectInput) -> GetObjectOutput => get;
    head_object(HeadObjectInput) -> HeadObjectOutput => get;
    get_object_attributes(GetObjectAttributesInput) -> GetObjectAttributesOutput => get;
    get_object_acl(GetObjectAclInput) -> GetObjectAclOutput => get;
    put_object_acl(PutObjectAclInput) -> PutObjectAclOutput => put;
    put_object(PutObjectInput) -> PutObjectOutput => put;
    copy_object(CopyObjectInput) -> CopyObjectOutput => copy;
    delete_object(DeleteObjectInput) -> DeleteObjectOutput => delete;
    delete_objects(DeleteObjectsInput) -> DeleteObjectsOutput => delete;
    get_object_tagging(GetObjectTaggingInput) -> GetObjectTaggingOutput => tagging;
    put_object_tagging(PutObjectTaggingInput) -> PutObjectTaggingOutput => tagging;
    delete_object_tagging(DeleteObjectTaggingInput) -> DeleteObjectTaggingOutput => tagging;
    create_multipart_upload(CreateMultipartUploadInput) -> CreateMultipartUploadOutput => multipart;
    upload_part(UploadPartInput) -> UploadPartOutput => multipart;
    upload_part_copy(UploadPartCopyInput) -> UploadPartCopyOutput => copy;
    list_parts(ListPartsInput) -> ListPartsOutput => multipart;
    list_multipart_uploads(ListMultipartUploadsInput) -> ListMultipartUploadsOutput => multipart;
    abort_multipart_upload(AbortMultipartUploadInput) -> AbortMultipartUploadOutput => multipart;
    complete_multipart_upload(CompleteMultipartUploadInput) -> CompleteMultipartUploadOutput => complete;
}
