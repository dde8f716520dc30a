//! Plans, and which segments there are.

use atproto::jetstream::segment::{Block, BlockEntry, RowKind, Segment, SegmentLimits};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ArchiveFault;

/// A segment that is served.
pub(super) struct Stored {
    pub(super) file: Bytes,
    pub(super) checksum: String,
    entries: Vec<BlockEntry>,
    blocks: Vec<Block>,
    bounds: (u64, u64),
    events: u32,
}

/// The question, as it is asked.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Question {
    kinds: Vec<String>,
    collections: Vec<String>,
    dids: Vec<String>,
    after_seq: u64,
    before_seq: u64,
}

impl Default for Question {
    fn default() -> Self {
        Self { kinds: vec![], collections: vec![], dids: vec![], after_seq: 0, before_seq: u64::MAX }
    }
}

/// A name as servers give them.
pub(super) fn name(index: usize) -> String {
    format!("seg_{index:010}.jss")
}

impl Stored {
    pub(super) fn new(file: Vec<u8>) -> Self {
        let file = Bytes::from(file);
        let segment = Segment::parse(file.clone(), SegmentLimits::default())
            .unwrap_or_else(|error| panic!("a segment: {error}"));
        let header = segment.index().header();
        Self {
            checksum: format!("{:016x}", header.checksum),
            bounds: (header.min_seq, header.max_seq),
            events: header.events,
            entries: segment.index().blocks().to_vec(),
            blocks: segment.blocks().collect::<Result<_, _>>().unwrap_or_else(|error| panic!("{error}")),
            file,
        }
    }

    /// The frame of a block.
    pub(super) fn frame(&self, block: usize) -> Option<Bytes> {
        let entry = self.entries.get(block)?;
        let at = |offset| usize::try_from(offset).unwrap_or(usize::MAX);
        Some(self.file.slice(at(entry.offset)..at(entry.end())))
    }

    /// An item of a list of all segments.
    pub(super) fn listed(&self, index: usize) -> Value {
        let (min, max) = self.bounds;
        json!({
            "name": name(index), "index": index, "sizeBytes": self.file.len(), "checksum": self.checksum,
            "eventCount": self.events, "minSeq": min, "maxSeq": max, "minWitnessedAt": 0, "maxWitnessedAt": 0,
        })
    }

    /// The numbers of blocks that hold something that is asked for.
    fn wanted(&self, question: &Question) -> Vec<usize> {
        let has = |block: &&(usize, &Block)| block.1.rows().any(|row| question.wants(&row));
        self.blocks.iter().enumerate().filter(|block| has(&block)).map(|(number, _)| number).collect()
    }
}

impl Question {
    fn wants(&self, row: &atproto::jetstream::segment::Row<'_>) -> bool {
        let one_of = |values: &[String], value: &[u8]| {
            values.is_empty() || values.iter().any(|one| one.as_bytes() == value)
        };
        let kind = match row.kind {
            RowKind::Identity => "identity",
            RowKind::Account => "account",
            RowKind::Sync => "sync",
            _ => "commit",
        };
        row.seq > self.after_seq
            && row.seq <= self.before_seq
            && one_of(&self.kinds, kind.as_bytes())
            && one_of(&self.dids, row.did)
            && (kind != "commit" || one_of(&self.collections, row.collection))
    }
}

/// The answer to a question, with at most `most` segments or ranges.
pub(super) fn plan(segments: &[Stored], question: &Question, most: usize, fault: ArchiveFault) -> Value {
    let tip = segments.last().map_or(0, |segment| segment.bounds.1).min(question.before_seq);
    let (mut planned, mut entries, mut through) = (Vec::new(), 0, tip);
    'all: for (index, segment) in segments.iter().enumerate() {
        let wanted = segment.wanted(question);
        if wanted.is_empty() {
            continue;
        }
        let (min, max) = segment.bounds;
        let mut item = json!({
            "name": name(index), "index": index, "checksum": segment.checksum, "minSeq": min, "maxSeq": max,
            "mode": "segment",
        });
        // As servers do by default: a segment of which three quarters are wanted is best taken as a whole.
        let ranges = if wanted.len() * 4 >= segment.blocks.len() * 3 { vec![] } else { ranges(&wanted) };
        if ranges.is_empty() {
            if entries == most {
                break;
            }
            (entries, through) = (entries + 1, max);
        } else {
            item["mode"] = "blocks".into();
            item["blocks"] = json!([]);
        }
        for (first, last) in ranges {
            if entries == most {
                if item["blocks"] != json!([]) {
                    planned.push(item);
                }
                break 'all;
            }
            (entries, through) = (entries + 1, segment.entries[last].max_seq);
            item["blocks"].as_array_mut().expect("made above").push(json!({ "first": first, "last": last }));
        }
        planned.push(item);
    }
    if entries < most {
        through = tip;
    }
    let (through, tip) = match fault {
        ArchiveFault::EndlessPlan => (question.after_seq + 1, tip.max(1 << 40).min(question.before_seq)),
        ArchiveFault::StuckPlan => (question.after_seq, tip),
        ArchiveFault::MovingEnd => (question.after_seq + 1, tip - question.after_seq),
        _ => (through.min(tip), tip),
    };
    if fault == ArchiveFault::EndlessPlan {
        planned.clear();
    }
    json!({
        "plannedThroughSeq": through, "sealedTipSeq": tip, "segments": planned,
        "stats": { "segmentsExamined": segments.len(), "segmentsMatched": 0, "blocksMatched": 0, "entries": entries },
    })
}

/// Numbers in order as ranges, both ends included.
fn ranges(numbers: &[usize]) -> Vec<(usize, usize)> {
    numbers.chunk_by(|a, b| a + 1 == *b).filter_map(|run| Some((*run.first()?, *run.last()?))).collect()
}
