//! Files that belong to no segment: left by a crash or a failure, or by segments that were replaced.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use opentrail_stdx::Disk;

use super::Engine;
use crate::Error;
use crate::shared::Shared;
use crate::store::{FOLDERS, Stored, index_path, orc_path};

impl Engine {
    /// Removes files that neither the catalog nor a reader knows. Nothing is built before this has succeeded.
    pub(super) async fn sweep(&mut self) -> Result<(), Error> {
        if !self.is_unclean || !self.flush.is_idle() || !self.upkeep.is_idle() {
            return Ok(());
        }
        let stores = self.shared.stores();
        let segments = stores.values().flat_map(|view| view.segments.iter()).chain(&self.graveyard);
        let known: BTreeSet<_> = segments.map(|stored| stored.row.name.clone()).collect();
        let shared = Arc::clone(&self.shared);
        tokio::task::spawn_blocking(move || clean(&shared, &known)).await??;
        self.is_unclean = false;
        Ok(())
    }

    /// Removes the files of segments that were replaced, once nobody reads them any more.
    pub(super) async fn bury(&mut self) {
        let is_free = |stored: &mut Arc<Stored>| Arc::strong_count(stored) == 1;
        let buried: Vec<_> = self.graveyard.extract_if(.., is_free).collect();
        if buried.is_empty() {
            return;
        }
        let disk = Arc::clone(&self.shared.disk);
        let removed = tokio::task::spawn_blocking(move || {
            buried.iter().try_for_each(|stored| {
                self::remove(&*disk, &orc_path(&stored.dir, &stored.row.name))?;
                self::remove(&*disk, &index_path(&stored.dir, &stored.row.name))
            })
        });
        match removed.await.map_err(io::Error::other).flatten() {
            Ok(()) => {}
            Err(error) => {
                tracing::warn!(%error, "files of a replaced segment could not be removed; it is tried again");
                self.is_unclean = true;
            }
        }
    }
}

fn remove(disk: &dyn Disk, path: &Path) -> io::Result<()> {
    match disk.remove(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn clean(shared: &Shared, known: &BTreeSet<String>) -> Result<(), Error> {
    let (disk, lake): (&dyn Disk, _) = (&*shared.disk, &shared.layout.dir);
    let failed = |path: &Path| {
        let path = path.to_path_buf();
        move |source| Error::Disk { doing: "clean up", path, source }
    };
    disk.create_dir_all(lake).map_err(failed(lake))?;
    if let Some(parent) = lake.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        disk.sync_dir(parent).map_err(failed(parent))?;
    }
    for store in folders(disk, lake, &FOLDERS).map_err(failed(lake))? {
        for day in folders(disk, &store, &["day="]).map_err(failed(&store))? {
            clean_day(disk, &day, known).map_err(failed(&day))?;
        }
    }
    Ok(())
}

fn folders(disk: &dyn Disk, dir: &Path, prefixes: &[&str]) -> io::Result<Vec<PathBuf>> {
    let is_ours = |name: &String| prefixes.iter().any(|prefix| name.starts_with(prefix));
    let ours = disk.folders(dir)?.into_iter().filter(is_ours);
    Ok(ours.map(|name| dir.join(name)).collect())
}

fn clean_day(disk: &dyn Disk, day: &Path, known: &BTreeSet<String>) -> io::Result<()> {
    for found in disk.list(day)? {
        let (name, ending) = found.name.split_once('.').unwrap_or_default();
        let is_known = match (name.strip_prefix('_'), ending) {
            (None, "orc") => known.contains(name),
            (Some(name), "idx") => known.contains(name),
            // Indexes were called so once, and are made again.
            (_, "idx" | "orc.tmp" | "idx.tmp") => false,
            // Not ours.
            _ => true,
        };
        if !is_known {
            disk.remove(&day.join(&found.name))?;
        }
    }
    Ok(())
}
