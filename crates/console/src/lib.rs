//! The web console (`console/` at the root of the repository) as files in the binary.
//!
//! The build script runs npm and compresses what it made, once. [`find`] answers a file by its path below `/console/`,
//! [`page`] the page that all others begin with. Where the console could not be built, the page says why, and how to get it.
//!
//! Nothing here knows HTTP.

use std::io::Read;

/// A file of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asset {
    /// Its path below `/console/`.
    pub path: &'static str,
    /// Its entity tag, quotes included: another one for other content.
    pub etag: &'static str,
    /// How long its content is.
    pub bytes: usize,
    /// Its content, compressed.
    pub gzip: &'static [u8],
}

const ASSETS: &[Asset] = include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file at a path below `/console/`.
pub fn find(path: &str) -> Option<&'static Asset> {
    ASSETS.binary_search_by(|asset| asset.path.cmp(path)).ok().map(|index| &ASSETS[index])
}

/// The page that the console begins with.
pub fn page() -> &'static Asset {
    find("index.html").expect("the build script always makes one")
}

impl Asset {
    /// Whether other content would have another name: what the bundler names by its hash.
    pub fn is_immutable(&self) -> bool {
        self.path.starts_with("assets/")
    }

    /// Its content, for those who can't unpack it.
    pub fn content(&self) -> Vec<u8> {
        let mut content = Vec::with_capacity(self.bytes);
        flate2::read::GzDecoder::new(self.gzip).read_to_end(&mut content).expect("the build script packed it");
        content
    }

    /// Its media type, by the ending of its name.
    pub fn content_type(&self) -> &'static str {
        match self.path.rsplit('.').next().unwrap_or_default() {
            "html" => "text/html; charset=utf-8",
            "js" | "mjs" => "text/javascript; charset=utf-8",
            "css" => "text/css; charset=utf-8",
            "json" | "map" => "application/json",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "ico" => "image/x-icon",
            "woff2" => "font/woff2",
            "woff" => "font/woff",
            "wasm" => "application/wasm",
            "txt" => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_found_and_whole() {
        for asset in ASSETS {
            assert_eq!(find(asset.path), Some(asset));
            assert_eq!(asset.content().len(), asset.bytes, "{}", asset.path);
            assert_ne!(asset.content_type(), "application/octet-stream", "{}", asset.path);
        }
        assert_eq!(find("assets/../index.html"), None);
    }

    #[test]
    fn there_is_always_a_page() {
        let page = page();
        assert!(!page.is_immutable());
        assert!(String::from_utf8(page.content()).expect("text").contains("<title>"));
    }
}
