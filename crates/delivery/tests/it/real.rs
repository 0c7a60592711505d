//! Real records, where they are at hand.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use bytes::Bytes;
use flate2::read::GzDecoder;
use opentrail_journal::Category;
use opentrail_model::{AdvancedEventSelector, EventCategory, Routed, Selectors};

use crate::audit::Audit;
use crate::world::{ACCOUNT, HOUR, World};

/// Published records of others, one to a line; they are no part of the repository.
fn real_records() -> Option<Vec<Bytes>> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let dir = std::env::var_os("OPENTRAIL_SHARED").map_or_else(|| PathBuf::from(beside), PathBuf::from).join("data");
    let Ok(files) = std::fs::read_dir(&dir) else {
        eprintln!("SKIPPED: no real records in {}; set OPENTRAIL_SHARED to where they are", dir.display());
        return None;
    };
    let mut paths: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(".ndjson.gz"));
    paths.sort();
    let mut records = Vec::new();
    for path in paths {
        let lines = BufReader::new(GzDecoder::new(std::fs::File::open(path).unwrap()));
        records.extend(lines.split(b'\n').map(|line| Bytes::from(line.unwrap())).filter(|line| !line.is_empty()));
    }
    Some(records)
}

fn category_of(event: &Routed<'_>) -> Category {
    match event.category {
        EventCategory::Data => Category::Data,
        EventCategory::NetworkActivity => Category::NetworkActivity,
        EventCategory::Insight => Category::Insight,
        _ => Category::Management,
    }
}

#[tokio::test]
async fn every_real_record_is_delivered_once_byte_for_byte() {
    let Some(records) = real_records() else { return };
    let mut world = World::new(40).await;
    let everything = AdvancedEventSelector { name: None, field_selectors: vec![] };
    world.start_trail("all", |trail| trail.selectors = Selectors::Advanced(vec![everything])).await;
    let mut regions = BTreeSet::from(["us-east-1".to_owned()]);
    for record in &records {
        let event = Routed::parse(record).unwrap();
        let region = event.aws_region.as_deref().unwrap_or("us-east-1").to_owned();
        world.append_as(ACCOUNT, &region, category_of(&event), record.clone());
        world.wanted.push(("all".into(), record.clone()));
        regions.insert(region);
    }
    world.pass(HOUR * 3).await;
    let audit = Audit::of_regions(&world, &regions).await;
    audit.assert_records(&world);
    audit.assert_sealed();
    println!("{} real records delivered, byte for byte", records.len());
}
