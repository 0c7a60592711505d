//! The embedded S3 through its door: HTTP requests in, responses and calls out.

mod buckets;
mod clients;
mod crash;
mod deliveries;
mod listings;
mod multipart;
mod objects;
mod policies;
mod records;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use opentrail_catalog::{Catalog, Options as CatalogOptions};
use opentrail_model::{Principal, PrincipalKind};
use opentrail_s3::{Authentication, Caller, Options, S3Call, S3Service};
use opentrail_stdx::disk::sim::SimDisk;
use opentrail_stdx::{ManualClock, SeededEntropy, Timestamp};

const OWNER: &str = "111122223333";
const STRANGER: &str = "444455556666";

/// A service on a simulated disk.
struct World {
    service: S3Service,
    catalog: Catalog,
    clock: Arc<ManualClock>,
}

/// An answer, all of it.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    call: S3Call,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("text"))
    }

    /// The text of the body's first element with this name.
    fn element(&self, name: &str) -> String {
        self.elements(name).into_iter().next().unwrap_or_default()
    }

    fn elements(&self, name: &str) -> Vec<String> {
        let text = self.text();
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        text.split(&open).skip(1).filter_map(|piece| Some(piece.split(&close).next()?.to_owned())).collect()
    }

    #[track_caller]
    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        self
    }

    #[track_caller]
    fn expect_error(self, status: u16, code: &str) -> Self {
        let answer = self.expect(status);
        assert_eq!(answer.element("Code"), code, "{}", answer.text());
        assert_eq!(answer.call.error.as_ref().map(|error| error.0.as_str()), Some(code));
        answer
    }
}

impl World {
    async fn new() -> Self {
        Self::on(SimDisk::new(1)).await
    }

    async fn on(disk: SimDisk) -> Self {
        let catalog = Catalog::open_in_memory(CatalogOptions::default()).await.expect("opens");
        Self::over(catalog, disk)
    }

    fn over(catalog: Catalog, disk: SimDisk) -> Self {
        let start = Timestamp::parse_iso("2026-09-13T17:19:17.417Z").expect("a time");
        let clock = Arc::new(ManualClock::at(start));
        let seed = disk.operations() + 7;
        let service = S3Service::new(
            catalog.clone(),
            Arc::new(disk),
            Arc::clone(&clock) as _,
            Arc::new(SeededEntropy::new(seed)),
            Options { dir: PathBuf::from("data/objects"), domains: Vec::new() },
        );
        Self { service, catalog, clock }
    }

    /// Sends a request of the owner's root user.
    async fn send(&self, method: &str, uri: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        self.send_as(caller(Some(OWNER)), method, uri, headers, body).await
    }

    async fn send_as(
        &self,
        caller: Caller,
        method: &str,
        uri: &str,
        headers: &[(&str, &str)],
        body: impl Into<Bytes>,
    ) -> Answer {
        let body = body.into();
        let mut request = Request::builder().method(method).uri(uri);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:7410");
        }
        request = request.header("content-length", body.len());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body)).expect("a request");
        let (response, call) = self.service.call(request, caller).await;
        let (parts, body) = response.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        assert_eq!(parts.headers["x-amz-request-id"], call.request_id);
        assert_eq!(call.status, parts.status.as_u16());
        self.clock.advance(Duration::from_millis(250));
        Answer { status: parts.status, headers: parts.headers, body, call }
    }

    async fn bucket(&self, name: &str) {
        self.send("PUT", &format!("/{name}"), &[], "").await.expect(200);
    }

    async fn put(&self, key: &str, body: impl Into<Bytes>) -> Answer {
        self.send("PUT", &format!("/trails/{key}"), &[], body).await.expect(200)
    }

    async fn get(&self, uri: &str) -> Answer {
        self.send("GET", uri, &[], "").await
    }
}

/// The root user of an account, or nobody.
fn caller(account: Option<&str>) -> Caller {
    let principal =
        account.map(|account| Principal { account: account.parse().expect("an account"), kind: PrincipalKind::Root });
    Caller {
        authentication: if principal.is_some() { Authentication::Header } else { Authentication::Anonymous },
        access_key_id: principal.is_some().then(|| "AKIAIOSFODNN7EXAMPLE".to_owned()),
        principal,
        region: "us-east-1".to_owned(),
        source_ip: Some([192, 0, 2, 1].into()),
        cipher_suite: None,
        refusal: None,
    }
}

/// An IAM user of an account.
fn user(account: &str, name: &str) -> Caller {
    let kind = PrincipalKind::User { name: name.to_owned(), path: "/".to_owned(), id: "AIDAEXAMPLE".to_owned() };
    let principal = Principal { account: account.parse().expect("an account"), kind };
    Caller { principal: Some(principal), ..caller(Some(account)) }
}
