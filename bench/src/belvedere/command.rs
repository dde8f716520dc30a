//! Commands that end by themselves.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;

use super::lexicons;
use crate::synth::Collection;

/// A binary and the data folder it works on.
#[derive(Debug)]
pub struct Belvedere {
    binary: PathBuf,
    data: PathBuf,
}

impl Belvedere {
    /// The binary with a data folder, which is made.
    ///
    /// # Errors
    /// When there is no binary or the folder cannot be made.
    pub fn new(binary: &Path, data: &Path) -> anyhow::Result<Self> {
        let binary = binary.canonicalize().with_context(|| {
            format!("no binary at {}; build it with `cargo build --release`", binary.display())
        })?;
        std::fs::create_dir_all(data).with_context(|| format!("making {}", data.display()))?;
        Ok(Self { binary, data: data.canonicalize()? })
    }

    /// Where its databases are.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The rebuildable database.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.data.join("index.db")
    }

    /// Loads record lexicons for these collections; the databases exist afterwards.
    ///
    /// # Errors
    /// When the command fails.
    pub fn add_collections(&self, collections: &[Collection]) -> anyhow::Result<()> {
        let mut arguments = Vec::new();
        for &collection in collections {
            arguments.push(self.write(collection.nsid(), &lexicons::record(collection))?);
        }
        arguments.push("--no-backfill".to_owned());
        self.lexicon_add(&arguments)
    }

    /// Loads the query lexicon over a collection.
    ///
    /// # Errors
    /// When the command fails.
    pub fn add_query(&self, target: Collection) -> anyhow::Result<()> {
        self.add_query_as(lexicons::QUERY, target)
    }

    /// Loads the query lexicon under another name.
    ///
    /// # Errors
    /// When the command fails.
    pub fn add_query_as(&self, nsid: &str, target: Collection) -> anyhow::Result<()> {
        let file = self.write(nsid, &lexicons::query(nsid))?;
        self.lexicon_add(&[file, "--target-collection".to_owned(), target.nsid().to_owned()])
    }

    /// Attaches a script to a trigger.
    ///
    /// # Errors
    /// When the command fails.
    pub fn add_script(&self, trigger: &str, body: &str) -> anyhow::Result<()> {
        let file = self.data.join("script.lua");
        std::fs::write(&file, body)?;
        let mut command = self.command();
        command.args(["script", "add", "--data-dir"]).arg(&self.data).arg(trigger).arg(&file);
        let output = command.output().context("running `belvedere script add`")?;
        if !output.status.success() {
            bail!("`belvedere script add` failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    /// Makes an API key that may do everything.
    ///
    /// # Errors
    /// When the command fails.
    pub fn admin_key(&self) -> anyhow::Result<String> {
        let mut command = self.command();
        let output = command.args(["key", "create", "--data-dir"]).arg(&self.data).output();
        let output = output.context("running `belvedere key create`")?;
        if !output.status.success() {
            bail!("`belvedere key create` failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Asks for the history of a collection, read in this mode; the job's id. A running server takes it up.
    ///
    /// # Errors
    /// When the command fails.
    pub fn start_backfill(&self, collection: Collection, mode: &str) -> anyhow::Result<String> {
        let mut command = self.command();
        command.args(["backfill", "start", collection.nsid(), "--mode", mode, "--json", "--data-dir"]);
        let output = command.arg(&self.data).output().context("running `belvedere backfill start`")?;
        if !output.status.success() {
            bail!("`belvedere backfill start` failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        let job: Value = serde_json::from_slice(&output.stdout)?;
        job["id"].as_str().map(str::to_owned).with_context(|| format!("no id in {job}"))
    }

    /// A command without the caller's environment, which may hold settings of another server.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        command.env_clear().current_dir(&self.data);
        command
    }

    fn lexicon_add(&self, arguments: &[String]) -> anyhow::Result<()> {
        let output = self
            .command()
            .args(["lexicon", "add", "--data-dir"])
            .arg(&self.data)
            .args(arguments)
            .output()
            .context("running `belvedere lexicon add`")?;
        if !output.status.success() {
            bail!("`belvedere lexicon add` failed: {}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(())
    }

    /// Writes a lexicon beside the databases; returns its path.
    fn write(&self, nsid: &str, lexicon: &Value) -> anyhow::Result<String> {
        let path = self.data.join(format!("{nsid}.json"));
        std::fs::write(&path, lexicon.to_string())?;
        Ok(path.display().to_string())
    }
}
