//! Commits that fail on command, for crash tables.

use std::io;

use parking_lot::Mutex;

use crate::CommitFaults;

/// Counts commits from the moment that it is armed, and fails one of them.
#[derive(Debug, Default)]
pub struct NthCommit(Mutex<Plan>);

#[derive(Debug, Default)]
struct Plan {
    is_armed: bool,
    commits: u64,
    fail: Option<(u64, bool)>,
}

impl NthCommit {
    /// From now on commits count, or no longer: those that only set the scene shouldn't.
    pub fn arm(&self, is_armed: bool) {
        self.0.lock().is_armed = is_armed;
    }

    /// How many commits there were: the number that the next one gets.
    pub fn commits(&self) -> u64 {
        self.0.lock().commits
    }

    /// Fails the commit of that number; when `is_kept`, only its caller is told so.
    pub fn fail(&self, commit: u64, is_kept: bool) {
        self.0.lock().fail = Some((commit, is_kept));
    }

    /// Forgets what should fail.
    pub fn clear(&self) {
        self.0.lock().fail = None;
    }
}

impl CommitFaults for NthCommit {
    fn before_commit(&self) -> io::Result<()> {
        let mut plan = self.0.lock();
        if !plan.is_armed {
            return Ok(());
        }
        plan.commits += 1;
        if plan.fail == Some((plan.commits - 1, false)) { Err(planned()) } else { Ok(()) }
    }

    fn after_commit(&self) -> io::Result<()> {
        let mut plan = self.0.lock();
        if plan.is_armed && plan.fail == Some((plan.commits.wrapping_sub(1), true)) {
            plan.fail = None;
            return Err(planned());
        }
        Ok(())
    }
}

fn planned() -> io::Error {
    io::Error::other("planned")
}
