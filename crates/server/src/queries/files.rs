//! The files of results, one for each query that has one: `<id>.rows`.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use opentrail_api::ResultPage;
use opentrail_query::{ResultFile, ResultWriter};
use opentrail_stdx::Disk;

/// How long a result is kept after its query was asked.
pub(super) const KEPT: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// The most bytes of a page, or one row.
const PAGE_BYTES: usize = 4 << 20;

#[derive(Debug)]
pub(super) struct ResultFiles {
    disk: Arc<dyn Disk>,
    dir: PathBuf,
}

impl ResultFiles {
    /// Opens the folder, and removes what unfinished queries left.
    pub(super) fn open(disk: Arc<dyn Disk>, dir: PathBuf) -> io::Result<Self> {
        disk.create_dir_all(&dir)?;
        for found in disk.list(&dir)? {
            if found.name.ends_with(".tmp") {
                disk.remove(&dir.join(found.name))?;
            }
        }
        let files = Self { disk, dir };
        // What doesn't fit into memory is DataFusion's, on the machine's own file system.
        let spilled = files.spill_dir();
        if let Err(error) = std::fs::remove_dir_all(&spilled)
            && error.kind() != io::ErrorKind::NotFound
        {
            return Err(error);
        }
        std::fs::create_dir_all(&spilled)?;
        Ok(files)
    }

    /// Where running queries put what doesn't fit into memory.
    pub(super) fn spill_dir(&self) -> PathBuf {
        self.dir.join("spilled")
    }

    fn path(&self, id: &str) -> PathBuf {
        self.dir.join(format!("{id}.rows"))
    }

    pub(super) fn create(&self, id: &str, columns: Vec<String>) -> io::Result<ResultWriter> {
        ResultWriter::create(self.disk.as_ref(), &self.path(id), columns)
    }

    pub(super) fn read(&self, id: &str) -> io::Result<ResultFile> {
        ResultFile::open(self.disk.as_ref(), &self.path(id))
    }

    pub(super) fn page(&self, id: &str, first: u64, count: usize) -> io::Result<ResultPage> {
        let file = self.read(id)?;
        let part = file.rows(first, count, PAGE_BYTES)?;
        Ok(ResultPage { columns: file.columns().to_vec(), rows: part.rows, is_end: part.is_end })
    }

    /// The queries that have a result.
    pub(super) fn ids(&self) -> io::Result<Vec<String>> {
        let found = self.disk.list(&self.dir)?;
        Ok(found.iter().filter_map(|found| found.name.strip_suffix(".rows")).map(str::to_owned).collect())
    }

    pub(super) fn remove(&self, id: &str) -> io::Result<()> {
        self.disk.remove(&self.path(id))
    }
}
