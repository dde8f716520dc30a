//! Another registry: the reference server of the protocol, as Debian has it, which knows nothing of this project.

use crate::process::ServerProcess;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// What the program is called.
const PROGRAM: &str = "docker-registry";

/// Who may come in where somebody has to sign in: name and password.
const USER: (&str, &str) = ("alice.test", "correct horse");

/// The same as Apache would write it.
const PASSWORDS: &str = "alice.test:$2b$04$9b19clxGyye2NJ7TQkBlt.7Z.mTx0CtC6HQKjv9IBatCif9N5XGn6\n";

/// A running one; killed when dropped, its folder with it.
pub struct DockerRegistry {
    process: ServerProcess,
    port: u16,
    _folder: tempfile::TempDir,
}

impl DockerRegistry {
    /// Starts one that keeps everything below `folder` and lets everybody do everything. `None`, with a loud word, where it
    /// is not installed; there is nothing to skip in continuous integration.
    #[must_use]
    pub async fn start(folder: &Path) -> Option<Self> {
        Self::start_with(folder, "").await
    }

    /// Starts one that asks for [a name and a password](Self::user).
    #[must_use]
    pub async fn start_guarded(folder: &Path) -> Option<Self> {
        let passwords = folder.join("docker-registry.htpasswd");
        write(&passwords, PASSWORDS);
        let auth = format!("auth: {{htpasswd: {{realm: test, path: {}}}}}\n", passwords.display());
        Self::start_with(folder, &auth).await
    }

    /// Name and password for a guarded one.
    #[must_use]
    pub fn user() -> (&'static str, &'static str) {
        USER
    }

    /// Where it listens, `http://127.0.0.1:…`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.id()
    }

    async fn start_with(folder: &Path, more: &str) -> Option<Self> {
        if !is_installed() {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{PROGRAM} is not installed");
            eprintln!(
                "SKIPPED: this test needs {PROGRAM}: run 'sudo scripts/install-deps', or install it by hand"
            );
            return None;
        }
        let folder = tempfile::tempdir_in(folder).unwrap_or_else(|error| panic!("a folder: {error}"));
        loop {
            let port = rand::random_range(20_000..30_000);
            let config = folder.path().join("config.yml");
            write(&config, &configuration(folder.path(), port, more));
            let mut command = Command::new(PROGRAM);
            command.arg("serve").arg(&config).env_clear();
            let process = ServerProcess::start_silent(PROGRAM, &mut command, Duration::ZERO);
            // One that lost the race for its port ends.
            if let Some(process) = process.listens_at(port).await {
                return Some(Self { process, port, _folder: folder });
            }
        }
    }
}

fn is_installed() -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(PROGRAM).is_file())
}

fn write(file: &Path, text: &str) {
    std::fs::write(file, text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
}

fn configuration(folder: &Path, port: u16, more: &str) -> String {
    let root = folder.join("registry");
    format!(
        "version: 0.1\n\
         log: {{level: error, accesslog: {{disabled: true}}}}\n\
         storage: {{filesystem: {{rootdirectory: {root}}}, delete: {{enabled: true}}, cache: {{blobdescriptor: inmemory}}}}\n\
         http: {{addr: 127.0.0.1:{port}, secret: {secret:032x}}}\n\
         {more}",
        root = root.display(),
        secret = rand::random::<u128>(),
    )
}
