//! Keeping indexes in step with records, in the records' own transaction.

use std::sync::Arc;

use atproto::Nsid;
use records::{Effect, Projection};
use serde_json::Value;
use store::{Conn, Error};

use super::entries::{self, Key};
use super::{Content, Entry, Listed};
use crate::words;

/// Keeps every index in step. Which there are is asked in each transaction, because another instance may have added one.
#[must_use]
pub fn projection() -> Arc<dyn Projection> {
    Arc::new(InStep)
}

struct InStep;

impl Projection for InStep {
    /// None that could be shown what was there before: the builder sees to that.
    fn collections(&self) -> &[Nsid] {
        &[]
    }

    fn concerns(&self, _: &str) -> bool {
        true
    }

    fn apply(&self, conn: &mut Conn<'_>, effects: &[Effect<'_>]) -> Result<(), Error> {
        let mut indexes = Listed::wanted(conn)?;
        indexes
            .retain(|index| effects.iter().any(|effect| effect.collection == index.spec.collection.as_str()));
        if indexes.is_empty() {
            return Ok(());
        }
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        let mut words = Vec::new();
        for effect in effects {
            let concerned: Vec<&Listed> = indexes
                .iter()
                .filter(|index| {
                    index.spec.collection.as_str() == effect.collection && index.has_reached(effect.record_id)
                })
                .collect();
            if concerned.is_empty() {
                continue;
            }
            let (before, after) = (parsed(effect.before), parsed(effect.after));
            for index in concerned {
                match &index.spec.content {
                    Content::Words { fields } => {
                        let of =
                            |record: &Option<Value>| record.as_ref().map(|record| words::of(record, fields));
                        if of(&before) != of(&after) {
                            words.push((index.id, (effect.record_id, of(&after).unwrap_or_default())));
                        }
                    }
                    content @ Content::Keys { .. } => {
                        let old = keys(content, effect, before.as_ref(), effect.made_before);
                        let new = keys(content, effect, after.as_ref(), effect.made_after);
                        let key = |bytes: &Vec<u8>| Key {
                            index: index.id,
                            bytes: bytes.clone(),
                            record: effect.record_id,
                        };
                        removed.extend(old.iter().filter(|bytes| !new.contains(bytes)).map(key));
                        added.extend(new.iter().filter(|bytes| !old.contains(bytes)).map(key));
                    }
                }
            }
        }
        entries::remove(conn, &removed)?;
        entries::add(conn, &mut added)?;
        for index in indexes.iter().filter(|index| matches!(index.spec.content, Content::Words { .. })) {
            let of_index = words.iter().filter(|(id, _)| *id == index.id).map(|(_, record)| record.clone());
            let of_index: Vec<_> = of_index.collect();
            if !of_index.is_empty() {
                words::table::replace(conn, index.id, &of_index)?;
            }
        }
        Ok(())
    }
}

fn keys(content: &Content, effect: &Effect<'_>, record: Option<&Value>, created_at: i64) -> Vec<Vec<u8>> {
    let Some(record) = record else { return Vec::new() };
    content.keys(&Entry { id: effect.record_id, did: effect.did, rkey: effect.rkey, created_at, record })
}

/// A record, as both engines keep it: what could not be read would be without any field.
pub(super) fn parsed(json: Option<&str>) -> Option<Value> {
    json.map(|json| serde_json::from_str(json).unwrap_or_default())
}
