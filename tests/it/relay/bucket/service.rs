//! The service in `peers/s3`, which knows nothing of this project.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::wait::{PATIENCE, until};

const BUCKET: &str = "files";

/// A running one; killed when dropped.
pub(super) struct Service {
    child: Child,
    lines: BufReader<ChildStdout>,
    objects: TempDir,
    port: u64,
}

impl Service {
    /// `None`, with a loud word, where it is not installed; there is nothing to skip in continuous integration.
    pub(super) fn start() -> Option<Self> {
        if !folder().join("node_modules/.installed").is_file() {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "peers/s3 is not installed");
            eprintln!("SKIPPED: this test needs the service in peers/s3: run 'make setup'");
            return None;
        }
        let objects = tempfile::tempdir().unwrap();
        let (child, lines, port) = serve(objects.path(), 0);
        Some(Self { child, lines, objects, port })
    }

    /// Where it is, for somebody with this secret.
    pub(super) fn url(&self, secret: &str, bucket: &str) -> String {
        format!("s3://S3RVER:{secret}@127.0.0.1:{}/{bucket}?tls=false", self.port)
    }

    /// The value of `S3_URL`.
    pub(super) fn good_url(&self) -> String {
        self.url("S3RVER", BUCKET)
    }

    /// Sets its clock ahead of everybody's.
    pub(super) fn set_ahead(&mut self, seconds: u32) {
        writeln!(self.child.stdin.as_mut().unwrap(), "ahead {seconds}").unwrap();
        assert_eq!(said(&mut self.lines)["ahead"], u64::from(seconds) * 1000);
    }

    /// Nobody is there any more.
    pub(super) fn stop(&mut self) {
        // Both fail only for one that has ended.
        _ = self.child.kill();
        _ = self.child.wait();
    }

    /// It is there again, with what it had.
    pub(super) fn start_again(&mut self) {
        (self.child, self.lines, _) = serve(self.objects.path(), self.port);
    }

    /// Waits until it has so many objects.
    pub(super) async fn has(&self, count: usize) {
        until("the objects", PATIENCE, async || (self.count() == count).then_some(())).await;
    }

    fn count(&self) -> usize {
        let folder = self.objects.path().join(BUCKET).join("attachments");
        let Ok(files) = std::fs::read_dir(folder) else { return 0 };
        files
            .filter(|file| {
                file.as_ref().is_ok_and(|it| it.file_name().to_string_lossy().ends_with("_object"))
            })
            .count()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../peers/s3"))
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
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let port = said(&mut lines)["port"].as_u64().unwrap();
    (child, lines, port)
}

fn said(lines: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    lines.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap()
}
