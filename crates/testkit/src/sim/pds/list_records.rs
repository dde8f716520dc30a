//! `com.atproto.repo.listRecords`: pages in the order of keys, newest first.

use std::fmt::Write;
use std::ops::Bound;

use serde_json::json;

use super::{Asked, Query, Reply};
use crate::sim::Lie;
use crate::sim::repository::{Content, Snapshot};

/// Where one page begins and ends.
struct Page<'q> {
    collection: &'q str,
    cursor: Option<&'q str>,
    limit: usize,
    reverse: bool,
}

pub(super) fn answer(asked: &mut Asked<'_>, query: &Query) -> Result<Reply, Reply> {
    let page = Page {
        collection: query.required("collection")?,
        cursor: query.get("cursor"),
        limit: query.number("limit", 50, 100)?,
        reverse: query.get("reverse") == Some("true"),
    };
    let lie = asked.lie;
    let snapshot = asked.snapshot();
    Ok(match lie {
        Some(Lie::EndlessPages) => again(snapshot, &page),
        Some(Lie::InventedPages) => invented(snapshot, &page),
        Some(Lie::UnorderedPages) => {
            let mut records = page.of(snapshot);
            let cursor = records.last().map(|(rkey, _)| (*rkey).to_owned());
            let middle = records.len() / 2;
            records.rotate_left(middle);
            render(snapshot, page.collection, &records, cursor.as_deref())
        }
        _ => {
            let records = page.of(snapshot);
            render(snapshot, page.collection, &records, records.last().map(|(rkey, _)| *rkey))
        }
    })
}

impl Page<'_> {
    fn of<'s>(&self, snapshot: &'s Snapshot) -> Vec<(&'s str, &'s Content)> {
        let cursor = self.cursor.map_or(Bound::Unbounded, Bound::Excluded);
        if self.reverse {
            snapshot.between(self.collection, cursor, Bound::Unbounded).take(self.limit).collect()
        } else {
            snapshot.between(self.collection, Bound::Unbounded, cursor).rev().take(self.limit).collect()
        }
    }
}

fn render(
    snapshot: &Snapshot,
    collection: &str,
    records: &[(&str, &Content)],
    cursor: Option<&str>,
) -> Reply {
    let mut json = String::from(r#"{"records":["#);
    for (rkey, content) in records {
        if !json.ends_with('[') {
            json.push(',');
        }
        let did = snapshot.did();
        write!(
            json,
            r#"{{"uri":"at://{did}/{collection}/{rkey}","cid":"{}","value":{}}}"#,
            content.cid, content.json
        )
        .expect("a string can be written to");
    }
    json.push(']');
    if let Some(cursor) = cursor {
        write!(json, r#","cursor":"{cursor}""#).expect("a string can be written to");
    }
    json.push('}');
    Reply::text(json)
}

/// The first page, with a cursor that was not there yet.
fn again(snapshot: &Snapshot, page: &Page<'_>) -> Reply {
    let first = Page { cursor: None, ..*page };
    let records = first.of(snapshot);
    let last = records.last().map(|(rkey, _)| *rkey);
    let turn = page.cursor.and_then(|cursor| cursor.rsplit_once('~')?.1.parse::<u64>().ok()).unwrap_or(0) + 1;
    let cursor = last.map(|last| format!("{last}~{turn}"));
    render(snapshot, page.collection, &records, cursor.as_deref())
}

/// Records that nobody wrote, below every key that is a TID and below the cursor.
fn invented(snapshot: &Snapshot, page: &Page<'_>) -> Reply {
    let from: u64 = page.cursor.and_then(|cursor| cursor.parse().ok()).unwrap_or(1_999_999_999_999);
    let made: Vec<_> = (1..=page.limit as u64)
        .map(|n| {
            let record = json!({ "$type": page.collection, "text": "invented", "score": n, "from": from });
            ((from - n).to_string(), Content::of(&record))
        })
        .collect();
    let records: Vec<_> = made.iter().map(|(rkey, content)| (rkey.as_str(), content)).collect();
    let cursor = (from - page.limit as u64).to_string();
    render(snapshot, page.collection, &records, Some(&cursor))
}
