//! A service that speaks S3 (`peers/s3`), which knows nothing of this project.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

const NAME: &str = "the service in peers/s3";

/// The one bucket it has.
const BUCKET: &str = "files";

/// A running one; killed when dropped.
pub struct S3Service {
    child: Child,
    lines: BufReader<ChildStdout>,
    objects: TempDir,
    port: u64,
}

impl S3Service {
    /// `None`, with a loud word, where it is not installed; there is nothing to skip in continuous integration.
    #[must_use]
    pub fn start() -> Option<Self> {
        if !folder().join("node_modules/.installed").is_file() {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "peers/s3 is not installed");
            eprintln!("SKIPPED: this test needs the service in peers/s3: run 'make setup'");
            return None;
        }
        let objects = tempfile::tempdir().unwrap_or_else(|error| panic!("{NAME}: {error}"));
        let (child, lines, port) = serve(objects.path(), 0);
        Some(Self { child, lines, objects, port })
    }

    /// Where it is, for somebody with this secret.
    #[must_use]
    pub fn url(&self, secret: &str, bucket: &str) -> String {
        format!("s3://S3RVER:{secret}@127.0.0.1:{}/{bucket}?tls=false", self.port)
    }

    /// The value of `S3_URL`.
    #[must_use]
    pub fn good_url(&self) -> String {
        self.url("S3RVER", BUCKET)
    }

    /// Sets its clock ahead of everybody's.
    pub fn set_ahead(&mut self, seconds: u32) {
        let stdin = self.child.stdin.as_mut().unwrap_or_else(|| panic!("{NAME} has no standard input"));
        writeln!(stdin, "ahead {seconds}").unwrap_or_else(|error| panic!("{NAME}: {error}"));
        assert_eq!(said(&mut self.lines)["ahead"], u64::from(seconds) * 1000);
    }

    /// Nobody is there any more.
    pub fn stop(&mut self) {
        // Both fail only for one that has ended.
        _ = self.child.kill();
        _ = self.child.wait();
    }

    /// It is there again, with what it had.
    pub fn start_again(&mut self) {
        (self.child, self.lines, _) = serve(self.objects.path(), self.port);
    }

    /// How many objects there are below a folder of the bucket.
    #[must_use]
    pub fn count(&self, folder: &str) -> usize {
        count(&self.objects.path().join(BUCKET).join(folder))
    }
}

impl Drop for S3Service {
    fn drop(&mut self) {
        self.stop();
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../peers/s3"))
}

fn serve(objects: &Path, port: u64) -> (Child, BufReader<ChildStdout>, u64) {
    let mut child = Command::new("node")
        .current_dir(folder())
        .arg("server.mjs")
        .arg(objects)
        .args([&port.to_string(), BUCKET])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("{NAME}: {error}"));
    let stdout = child.stdout.take().unwrap_or_else(|| panic!("{NAME} has no standard output"));
    let mut lines = BufReader::new(stdout);
    let ready = said(&mut lines);
    let port = ready["port"].as_u64().unwrap_or_else(|| panic!("{NAME} said {ready}"));
    (child, lines, port)
}

fn said(lines: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    lines.read_line(&mut line).unwrap_or_else(|error| panic!("{NAME}: {error}"));
    serde_json::from_str(&line).unwrap_or_else(|error| panic!("{NAME}: {error}"))
}

/// Each object has a file of that name, in folders as its key has parts.
fn count(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    entries
        .flatten()
        .map(|entry| {
            if entry.path().is_dir() {
                return count(&entry.path());
            }
            usize::from(entry.file_name().to_string_lossy().ends_with("_object"))
        })
        .sum()
}
