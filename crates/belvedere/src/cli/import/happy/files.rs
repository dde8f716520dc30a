//! Attachments, which a Happy server keeps in files: `sessions/SESSION/attachments/NAME`.

use std::io::ErrorKind;
use std::path::Path;

use anyhow::{Context, Result};
use tokio::fs;

use super::run::Run;
use crate::cli::import::kind::Kind;

/// Larger ones are not read: they are refused in any case.
const MAX_BYTES: u64 = 10 * 1024 * 1024;

impl Run<'_> {
    pub(super) async fn files(&mut self, folder: &Path) -> Result<()> {
        let mut kind = Kind::new("attachments");
        self.bar.set_message("attachments");
        let sessions = folder.join("sessions");
        let mut entries =
            fs::read_dir(&sessions).await.with_context(|| format!("reading {}", sessions.display()))?;
        while let Some(entry) = entries.next_entry().await? {
            let Ok(session) = entry.file_name().into_string() else { continue };
            let attachments = entry.path().join("attachments");
            let mut files = match fs::read_dir(&attachments).await {
                Ok(files) => files,
                Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
                    continue;
                }
                Err(error) => {
                    return Err(error).with_context(|| format!("reading {}", attachments.display()));
                }
            };
            while let Some(file) = files.next_entry().await? {
                self.file(&mut kind, &session, &file).await?;
            }
        }
        self.report.add(kind);
        Ok(())
    }

    async fn file(&self, kind: &mut Kind, session: &str, file: &fs::DirEntry) -> Result<()> {
        let path = file.path();
        let shown = path.display().to_string();
        let Ok(name) = file.file_name().into_string() else {
            kind.skip(&shown, "its name is not UTF-8".to_owned(), String::new());
            return Ok(());
        };
        match read(&path).await {
            Ok(content) => {
                let taken = self.importer.attachment(session.to_owned(), name, content).await;
                kind.note_outcome(
                    taken.with_context(|| format!("importing {shown}; run this again to go on"))?,
                );
            }
            Err(reason) => kind.skip(&shown, reason, String::new()),
        }
        Ok(())
    }
}

/// The content of a file of the folder, or why it is not taken.
pub(super) async fn read(path: &Path) -> Result<Vec<u8>, String> {
    // Of the entry itself: what a link leads to is none of the folder's files.
    match fs::symlink_metadata(path).await {
        Ok(found) if !found.is_file() => Err("it is no file".to_owned()),
        Ok(found) if found.len() > MAX_BYTES => Err("it is larger than 10 MiB".to_owned()),
        Ok(_) => fs::read(path).await.map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    }
}
