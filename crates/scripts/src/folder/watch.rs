//! Noticing what has changed in the folder, look by look.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::content::{Content, Signature};
use super::name;
use crate::bounds::MAX_SCRIPTS;

/// Names in the folder, whatever they are of.
const MAX_ENTRIES: usize = 20_000;

/// Looks at which a file is read again although it seems unchanged: file systems count time in steps of up to two seconds,
/// and a second change within the step shows in the content only.
const WARY: u8 = 6;

/// What is known of the folder.
#[derive(Debug, Default)]
pub(super) struct Watch {
    files: BTreeMap<String, Seen>,
}

/// What is known of one file.
#[derive(Debug, Default)]
struct Seen {
    signature: Option<Signature>,
    /// Of the content at the last look.
    digest: u64,
    /// Looks since then at which it was the same.
    same: u8,
    /// Of the content that was acted upon.
    done: Option<u64>,
}

/// A file is not what it was.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Change {
    /// Its name.
    pub(super) file: String,
    /// What it is now.
    pub(super) content: Content,
}

impl Watch {
    /// Looks once. A change counts when two looks have found the same content, so that no file is taken while it is written,
    /// and is told at every look until it is [`done`](Self::done). Fails if the folder cannot be read; why.
    pub(super) fn look(&mut self, dir: &Path) -> Result<Vec<Change>, String> {
        let present = names(dir)?;
        let mut changes = Vec::new();
        for file in present.iter().chain(self.files.keys()).cloned().collect::<BTreeSet<_>>() {
            let path = dir.join(&file);
            let signature = Signature::of(&path);
            let seen = self.files.entry(file.clone()).or_default();
            let is_known = seen.signature == signature && seen.done == Some(seen.digest);
            if is_known && seen.same >= WARY {
                continue;
            }
            let content = if present.contains(&file) { Content::read(&path) } else { Content::Gone };
            let digest = content.digest();
            let is_same = seen.signature == signature && seen.digest == digest;
            seen.same = if is_same { seen.same.saturating_add(1) } else { 0 };
            (seen.signature, seen.digest) = (signature, digest);
            if seen.same > 0 && seen.done != Some(digest) {
                changes.push(Change { file, content });
            }
        }
        Ok(changes)
    }

    /// A change has been acted upon.
    pub(super) fn done(&mut self, change: &Change) {
        if change.content == Content::Gone {
            self.files.remove(&change.file);
        } else if let Some(seen) = self.files.get_mut(&change.file) {
            seen.done = Some(change.content.digest());
        }
    }

    /// Whether there is, or was a moment ago, a file of this name.
    pub(super) fn knows(&self, file: &str) -> bool {
        self.files.contains_key(file)
    }
}

fn names(dir: &Path) -> Result<BTreeSet<String>, String> {
    let failed = |error: std::io::Error| format!("the folder {} cannot be read: {error}", dir.display());
    let mut names = BTreeSet::new();
    for (number, entry) in std::fs::read_dir(dir).map_err(failed)?.enumerate() {
        let name = entry.map_err(failed)?.file_name();
        names.extend(name.to_str().filter(|name| name::is_script(name)).map(str::to_owned));
        if number >= MAX_ENTRIES || names.len() as u64 > MAX_SCRIPTS.unsigned_abs() {
            return Err(format!(
                "the folder {} has more than {MAX_SCRIPTS} scripts or {MAX_ENTRIES} files",
                dir.display()
            ));
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// What is told at the next look, and done.
    fn told(watch: &mut Watch, dir: &Path) -> Vec<(String, Content)> {
        let changes = watch.look(dir).unwrap();
        for change in &changes {
            watch.done(change);
        }
        changes.into_iter().map(|change| (change.file, change.content)).collect()
    }

    fn text(file: &str, text: &str) -> (String, Content) {
        (file.to_owned(), Content::Text(text.to_owned()))
    }

    #[test]
    fn a_content_counts_when_it_was_seen_twice_and_is_told_once() {
        let dir = tempfile::tempdir().unwrap();
        let (file, mut watch) = (dir.path().join("a.lua"), Watch::default());
        fs::write(&file, "one").unwrap();
        assert_eq!(told(&mut watch, dir.path()), []);
        // Somebody is writing.
        fs::write(&file, "").unwrap();
        assert_eq!(told(&mut watch, dir.path()), []);
        fs::write(&file, "two").unwrap();
        assert_eq!(told(&mut watch, dir.path()), []);
        assert_eq!(told(&mut watch, dir.path()), [text("a.lua", "two")]);
        assert_eq!(told(&mut watch, dir.path()), []);
        // As long, and perhaps within the same step of the file system's clock.
        fs::write(&file, "new").unwrap();
        assert_eq!(told(&mut watch, dir.path()), []);
        assert_eq!(told(&mut watch, dir.path()), [text("a.lua", "new")]);
        for _ in 0..2 * WARY {
            assert_eq!(told(&mut watch, dir.path()), []);
        }
        fs::write(dir.path().join("b"), "renamed").unwrap();
        fs::rename(dir.path().join("b"), &file).unwrap();
        assert_eq!(told(&mut watch, dir.path()), []);
        assert_eq!(told(&mut watch, dir.path()), [text("a.lua", "renamed")]);
    }

    #[test]
    fn a_file_that_goes_for_a_moment_is_not_gone() {
        let dir = tempfile::tempdir().unwrap();
        let (file, mut watch) = (dir.path().join("a.lua"), Watch::default());
        fs::write(&file, "one").unwrap();
        told(&mut watch, dir.path());
        told(&mut watch, dir.path());
        fs::remove_file(&file).unwrap();
        assert_eq!(told(&mut watch, dir.path()), []);
        fs::write(&file, "one").unwrap();
        for _ in 0..3 {
            assert_eq!(told(&mut watch, dir.path()), []);
        }
        fs::remove_file(&file).unwrap();
        assert_eq!(told(&mut watch, dir.path()), []);
        assert_eq!(told(&mut watch, dir.path()), [("a.lua".to_owned(), Content::Gone)]);
        assert!(!watch.knows("a.lua"));
        assert_eq!(told(&mut watch, dir.path()), []);
    }

    #[test]
    fn what_is_not_done_is_told_again() {
        let dir = tempfile::tempdir().unwrap();
        let mut watch = Watch::default();
        fs::write(dir.path().join("a.lua"), "one").unwrap();
        watch.look(dir.path()).unwrap();
        for _ in 0..2 * WARY {
            assert_eq!(watch.look(dir.path()).unwrap().len(), 1);
        }
    }

    #[test]
    fn what_is_no_script_is_said_to_be_none() {
        let dir = tempfile::tempdir().unwrap();
        let mut watch = Watch::default();
        fs::write(dir.path().join("a.lua"), [0xff, 0xfe]).unwrap();
        fs::write(dir.path().join("b.lua"), vec![b' '; (1 << 20) + 1]).unwrap();
        fs::create_dir(dir.path().join("c.lua")).unwrap();
        fs::write(dir.path().join("d.txt"), "other").unwrap();
        fs::write(dir.path().join("e.lua"), "\u{feff}marked").unwrap();
        std::os::unix::fs::symlink("nowhere", dir.path().join("f.lua")).unwrap();
        told(&mut watch, dir.path());
        let told = told(&mut watch, dir.path());
        let reasons: Vec<&str> = told
            .iter()
            .filter_map(|(_, content)| match content {
                Content::Unusable(reason) => Some(reason.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(reasons.len(), 3, "{told:?}");
        assert!(
            reasons[0].contains("UTF-8") && reasons[1].contains("bytes") && reasons[2].contains("not a file")
        );
        assert!(told.contains(&text("e.lua", "marked")), "{told:?}");
        let missing = watch.look(&dir.path().join("missing")).unwrap_err();
        assert!(missing.contains("cannot be read"), "{missing}");
    }
}
