//! What is called how often, and what such calls carry. Weights are calls in a hundred thousand, roughly.

mod compute;
mod identity;
mod storage;
mod tail;
mod watching;

use super::random::Weighted;
use super::template::Template;

/// One operation as the tables describe it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Operation {
    service: &'static str,
    name: &'static str,
    weight: u64,
    is_read_only: bool,
    is_data: bool,
    request: &'static str,
    response: &'static str,
    resources: &'static str,
    additional: &'static str,
    errors: &'static [(&'static str, &'static str)],
    api_version: &'static str,
}

const fn read(service: &'static str, name: &'static str, weight: u64) -> Operation {
    Operation {
        service,
        name,
        weight,
        is_read_only: true,
        is_data: false,
        request: "",
        response: "",
        resources: "",
        additional: "",
        errors: &[],
        api_version: "",
    }
}

const fn write(service: &'static str, name: &'static str, weight: u64) -> Operation {
    Operation { is_read_only: false, ..read(service, name, weight) }
}

impl Operation {
    /// A data event.
    const fn data(mut self) -> Self {
        self.is_data = true;
        self
    }

    /// Its `requestParameters`.
    const fn asks(mut self, request: &'static str) -> Self {
        self.request = request;
        self
    }

    /// Its `responseElements`.
    const fn answers(mut self, response: &'static str) -> Self {
        self.response = response;
        self
    }

    /// Its `resources`.
    const fn touches(mut self, resources: &'static str) -> Self {
        self.resources = resources;
        self
    }

    /// Its `additionalEventData`.
    const fn adds(mut self, additional: &'static str) -> Self {
        self.additional = additional;
        self
    }

    /// How it fails when it isn't for want of rights.
    const fn fails(mut self, errors: &'static [(&'static str, &'static str)]) -> Self {
        self.errors = errors;
        self
    }

    /// Its `apiVersion`.
    const fn version(mut self, version: &'static str) -> Self {
        self.api_version = version;
        self
    }
}

/// An operation made ready.
#[derive(Debug)]
pub(super) struct Call {
    /// Without `.amazonaws.com`.
    pub(super) service: &'static str,
    pub(super) name: String,
    pub(super) is_read_only: bool,
    pub(super) is_data: bool,
    pub(super) request: Template,
    pub(super) response: Template,
    pub(super) resources: Template,
    pub(super) additional: Template,
    pub(super) errors: Vec<(&'static str, Template)>,
    pub(super) api_version: &'static str,
    /// `eventVersion` of its service's records: producers move on at their own pace.
    pub(super) event_version: &'static str,
}

/// All operations and how often each is called.
#[derive(Debug)]
pub(super) struct Catalogue {
    pub(super) calls: Vec<Call>,
    pub(super) frequency: Weighted,
}

impl Catalogue {
    /// Takes the tables apart.
    pub(super) fn new() -> anyhow::Result<Self> {
        let tables = [compute::ALL, identity::ALL, storage::ALL, watching::ALL];
        let (mut calls, mut weights) = (Vec::new(), Vec::new());
        for operation in tables.into_iter().flatten() {
            calls.push(call(operation, operation.name.to_owned())?);
            weights.push(operation.weight * 100);
        }
        for (operation, name) in tail::all() {
            calls.push(call(&operation, name)?);
            weights.push(operation.weight);
        }
        Ok(Self { calls, frequency: Weighted::new(weights) })
    }
}

fn call(operation: &Operation, name: String) -> anyhow::Result<Call> {
    let errors = operation.errors.iter().map(|(code, message)| Ok((*code, Template::parse(message)?)));
    Ok(Call {
        service: operation.service,
        name,
        is_read_only: operation.is_read_only,
        is_data: operation.is_data,
        request: Template::parse(operation.request)?,
        response: Template::parse(operation.response)?,
        resources: Template::parse(operation.resources)?,
        additional: Template::parse(operation.additional)?,
        errors: errors.collect::<anyhow::Result<_>>()?,
        api_version: operation.api_version,
        event_version: event_version(operation.service),
    })
}

fn event_version(service: &str) -> &'static str {
    match service {
        "s3" | "cloudtrail" | "kms" | "dynamodb" | "lambda" => "1.11",
        "ec2" | "iam" | "sts" | "autoscaling" | "eks" => "1.10",
        "rds" | "ecs" | "logs" | "ssm" | "organizations" => "1.09",
        _ => "1.08",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn the_tables_are_sound() {
        let catalogue = Catalogue::new().expect("slots that exist");
        let names: HashSet<(&str, &str)> =
            catalogue.calls.iter().map(|call| (call.service, call.name.as_str())).collect();
        assert_eq!(names.len(), catalogue.calls.len(), "each once");
        assert!(names.len() > 400, "a long tail: {}", names.len());
    }
}
