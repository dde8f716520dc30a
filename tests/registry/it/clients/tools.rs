//! Runs programs with a home, a configuration and a store of their own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// Longer than any step; a program that needs it has hung.
const SECONDS: &str = "120";

/// Where programs find nothing of whoever runs the tests, and leave nothing.
pub(super) struct Tools {
    folder: TempDir,
}

impl Tools {
    /// `None`, with a loud word, if one of these programs is missing; there is nothing to skip in continuous integration, but for a
    /// program that may not do there what it is for.
    pub(super) fn with(programs: &[&str]) -> Option<Self> {
        for program in programs {
            if find(program).is_none() {
                assert!(std::env::var("CI").as_deref() != Ok("true"), "{program} is not installed");
                eprintln!("SKIPPED: this test needs {program}: run 'sudo scripts/install-deps {program}'");
                return None;
            }
        }
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "run", "tmp"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        let policy = r#"{"default":[{"type":"insecureAcceptAnything"}]}"#;
        std::fs::write(folder.path().join("policy.json"), policy).unwrap();
        // Some look for it before anybody has signed in.
        std::fs::write(folder.path().join("auth.json"), "{}").unwrap();
        // No short names, no other registries.
        std::fs::write(folder.path().join("registries.conf"), "unqualified-search-registries = []\n")
            .unwrap();
        let tools = Self { folder };
        programs.iter().all(|program| tools.can_keep(program)).then_some(tools)
    }

    /// Whether a program that keeps images may do so here: some machines let nobody make the file systems that it takes.
    fn can_keep(&self, program: &str) -> bool {
        let mut tried = match program {
            "buildah" => self.keeper(program),
            "podman" => self.podman(),
            _ => return true,
        };
        let Output { status, stderr, .. } = tried
            .args(if program == "podman" { &["info"][..] } else { &["from", "scratch"] })
            .output()
            .unwrap();
        if !status.success() {
            eprintln!(
                "SKIPPED: {program} keeps no images on this machine: {}",
                String::from_utf8_lossy(&stderr)
            );
        }
        status.success()
    }

    pub(super) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file with something in it.
    pub(super) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// A program that will be ended if it hangs.
    pub(super) fn command(&self, program: &str) -> Command {
        let (folder, home) = (self.folder(), self.folder().join("home"));
        let mut command = Command::new("timeout");
        command
            .args([SECONDS, program])
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", &home)
            .env("DOCKER_CONFIG", home.join(".docker"))
            .env("XDG_CONFIG_HOME", home.join(".config"))
            .env("XDG_DATA_HOME", home.join(".local"))
            .env("XDG_RUNTIME_DIR", folder.join("run"))
            .env("TMPDIR", folder.join("tmp"))
            .env("REGISTRY_AUTH_FILE", folder.join("auth.json"))
            .env("CONTAINERS_REGISTRIES_CONF", folder.join("registries.conf"))
            .env("STORAGE_DRIVER", "vfs")
            .env("BUILDAH_ISOLATION", "chroot");
        command
    }

    /// One of the programs that keep images, with a store below the folder.
    pub(super) fn keeper(&self, program: &str) -> Command {
        let mut command = self.command(program);
        let store = self.folder().join("store");
        command.arg("--root").arg(store.join("root")).arg("--runroot").arg(store.join("run"));
        command
    }
}

impl Tools {
    /// podman, which asks for no user session and leaves no events behind.
    pub(super) fn podman(&self) -> Command {
        let mut command = self.keeper("podman");
        command.args(["--storage-driver=vfs", "--cgroup-manager=cgroupfs", "--events-backend=none"]);
        command
    }
}

/// Where a program is.
pub(super) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Runs a command that must succeed, and returns what it printed.
pub(super) fn run(command: &mut Command) -> String {
    said(command).0
}

/// The same with what it printed as diagnostics.
pub(super) fn said(command: &mut Command) -> (String, String) {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let [out, err] = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(status.success(), "{command:?} ended with {status}:\n{out}\n{err}");
    (out, err)
}

/// Runs a command that must fail in an orderly way, and returns what it printed.
pub(super) fn fails(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let said = [stdout, stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    // `timeout` says 124 for one that hung, 127 for one that is not there.
    assert!(matches!(status.code(), Some(1..=123 | 125 | 126)), "{command:?} ended with {status}:\n{said}");
    said
}
