//! The name of this instance among those that share a database.

use std::path::Path;

use anyhow::{Context, Result};
use uuid::Uuid;

/// Reads the id from the data folder, or makes one there. It outlives restarts, so that a server that comes back holds
/// the ingest lease it had and need not wait until that runs out.
pub(super) fn id(dir: &Path) -> Result<String> {
    let path = dir.join("instance-id");
    if let Ok(text) = std::fs::read_to_string(&path)
        && let Ok(id) = text.trim().parse::<Uuid>()
    {
        return Ok(id.to_string());
    }
    let id = Uuid::new_v4().to_string();
    std::fs::write(&path, &id).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_kept_and_a_damaged_one_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let first = id(dir.path()).unwrap();
        assert_eq!(id(dir.path()).unwrap(), first);
        std::fs::write(dir.path().join("instance-id"), "").unwrap();
        assert_ne!(id(dir.path()).unwrap(), first);
    }
}
