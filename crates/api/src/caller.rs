//! Who calls, and from where: what the server's gate knows by the time an operation runs.

use opentrail_model::{AccountId, Principal, Region, TrailArn, TrailName, TrailRef};

/// An authenticated caller and the Region that the call is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Who the key belongs to.
    pub principal: Principal,
    /// The Region of the credential scope.
    pub region: Region,
}

impl Caller {
    /// The account that the call is about.
    pub fn account(&self) -> &AccountId {
        &self.principal.account
    }

    /// The ARN of the caller's trail of that name at home in the called Region.
    pub(crate) fn arn_of(&self, name: TrailName) -> TrailArn {
        TrailArn::new(self.region.clone(), self.account().clone(), name)
    }

    /// The ARN that a reference means: a name means a trail at home in the called Region.
    pub(crate) fn resolve(&self, reference: TrailRef) -> TrailArn {
        match reference {
            TrailRef::Arn(arn) => arn,
            TrailRef::Name(name) => self.arn_of(name),
        }
    }
}
