//! The folder of another registry.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use blobs::docker::{Layout, LayoutError, Odd};
use oci::{Algorithm, Digest, Tag};
use tempfile::TempDir;

use crate::given::sha256;

/// A registry of Docker's, ended when it is dropped.
struct Registry {
    child: Child,
    port: u16,
}

impl Registry {
    /// `None`, with a loud word, where it is not installed.
    fn start(dir: &Path) -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let config = format!(
            "version: 0.1\nlog: {{level: error}}\nstorage: {{filesystem: {{rootdirectory: {}}}}}\nhttp: {{addr: '127.0.0.1:{port}'}}\n",
            dir.display()
        );
        let file = dir.join("config.yml");
        fs::write(&file, config).unwrap();
        let mut command = Command::new("docker-registry");
        command.arg("serve").arg(&file).stdout(Stdio::null()).stderr(Stdio::null());
        let Ok(child) = command.spawn() else {
            eprintln!("SKIPPED: docker-registry is not installed");
            return None;
        };
        let registry = Self { child, port };
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(30), "the registry does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(registry)
    }

    /// Copies an image of a folder to it, as people do.
    fn push(&self, image: &Path, name: &str) -> bool {
        let to = format!("docker://127.0.0.1:{}/{name}", self.port);
        let mut command = Command::new("skopeo");
        command.args([
            "--insecure-policy",
            "copy",
            "--preserve-digests",
            "--dest-tls-verify=false",
            "--quiet",
        ]);
        let Ok(output) = command.arg(format!("dir:{}", image.display())).arg(to).output() else {
            eprintln!("SKIPPED: skopeo is not installed");
            return false;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        true
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        _ = self.child.kill();
        _ = self.child.wait();
    }
}

/// An image with one layer, as skopeo has it in a folder; the digests of manifest, configuration and layer.
fn image(dir: &Path, layer: &[u8]) -> [Digest; 3] {
    let config =
        br#"{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[]}}"#;
    let descriptor = |kind: &str, content: &[u8]| {
        let kind = format!("application/vnd.oci.image.{kind}");
        format!(r#"{{"mediaType":"{kind}","digest":"{}","size":{}}}"#, sha256(content), content.len())
    };
    let manifest = format!(
        r#"{{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{},"layers":[{}]}}"#,
        descriptor("config.v1+json", config),
        descriptor("layer.v1.tar", layer)
    );
    fs::create_dir_all(dir).unwrap();
    fs::write(dir.join("version"), "Directory Transport Version: 1.1\n").unwrap();
    fs::write(dir.join("manifest.json"), &manifest).unwrap();
    for content in [&config[..], layer] {
        fs::write(dir.join(sha256(content).to_hex()), content).unwrap();
    }
    [sha256(manifest.as_bytes()), sha256(config), sha256(layer)]
}

#[test]
fn a_real_one_is_read() {
    let dir = TempDir::new().unwrap();
    let Some(registry) = Registry::start(dir.path()) else { return };
    let (one, two) = (dir.path().join("one"), dir.path().join("two"));
    let (first, second) = (image(&one, b"first layer"), image(&two, b"second layer"));
    for (image, name) in [
        (&one, "app:v1"),
        (&two, "app:v2"),
        (&two, "app:latest"),
        (&one, "team/deep/app:v1"),
        (&two, "team:moved"),
    ] {
        if !registry.push(image, name) {
            return;
        }
    }
    // A tag that moves leaves its manifest.
    registry.push(&one, "team:moved");
    drop(registry);
    let layout = Layout::open(dir.path()).unwrap();
    assert!(Layout::open(&dir.path().join("docker/registry/v2")).is_ok());
    let found: BTreeMap<_, _> = layout
        .repositories()
        .map(|found| found.unwrap())
        .map(|found| (found.name().to_owned(), found))
        .collect();
    assert_eq!(found.keys().collect::<Vec<_>>(), ["app", "team", "team/deep/app"]);
    let tags = |name: &str| {
        let tags: BTreeMap<_, _> =
            found[name].tags().map(Result::unwrap).map(|(tag, digest)| (tag.to_string(), digest)).collect();
        tags
    };
    let expected = [("latest", second[0]), ("v1", first[0]), ("v2", second[0])];
    assert_eq!(tags("app"), expected.map(|(tag, digest)| (tag.to_owned(), digest)).into());
    assert_eq!(tags("team"), [("moved".to_owned(), first[0])].into());
    let mut manifests: Vec<_> = found["team"].manifests().map(Result::unwrap).collect();
    let mut both = vec![first[0], second[0]];
    manifests.sort_unstable();
    both.sort_unstable();
    assert_eq!(manifests, both);
    let layers: Vec<_> = found["team/deep/app"].layers().map(Result::unwrap).collect();
    assert!(layers.len() == 2 && layers.contains(&first[1]) && layers.contains(&first[2]));
    for digest in first.iter().chain(&second) {
        let mut content = layout.blob(digest).unwrap().unwrap();
        let mut bytes = Vec::new();
        content.file.read_to_end(&mut bytes).unwrap();
        assert_eq!((sha256(&bytes), bytes.len() as u64), (*digest, content.size));
    }
    assert!(layout.blob(&sha256(b"never pushed")).unwrap().is_none());
}

#[test]
fn what_is_hostile_is_passed_over_and_the_rest_is_read() {
    let dir = TempDir::new().unwrap();
    let root = dir.path().join("docker/registry/v2");
    assert!(matches!(Layout::open(dir.path()), Err(LayoutError::NotOne(_))));
    let manifests = root.join("repositories/good/_manifests");
    let digest = Digest::of(Algorithm::Sha512, b"something");
    let link = |path: &str, text: &str| {
        let path = manifests.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    link("tags/fine/current/link", &format!("{digest}\n"));
    link("tags/long/current/link", &"a".repeat(1 << 20));
    link("tags/path/current/link", "sha256:../../../../../../etc/passwd");
    link("tags/b@d/current/link", &digest.to_string());
    fs::create_dir_all(manifests.join("tags/gone/current")).unwrap();
    fs::create_dir_all(manifests.join("tags/folder/current/link")).unwrap();
    fs::create_dir_all(manifests.join("tags/pipe/current")).unwrap();
    fs::create_dir_all(manifests.join("tags/away/current")).unwrap();
    let pipe = manifests.join("tags/pipe/current/link");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    symlink("/etc/passwd", manifests.join("tags/away/current/link")).unwrap();
    link(&format!("revisions/sha512/{}/link", digest.to_hex()), &digest.to_string());
    link(&format!("revisions/sha256/{}/link", sha256(b"one").to_hex()), &sha256(b"other").to_string());
    link("revisions/sha256/short/link", "x");
    symlink("/etc", root.join("repositories/loop")).unwrap();
    symlink("..", root.join("repositories/good/again")).unwrap();
    fs::create_dir_all(root.join("repositories/Bad Name/_manifests")).unwrap();
    fs::create_dir_all(root.join("repositories").join(["deep"; 60].join("/")).join("_manifests")).unwrap();
    fs::create_dir_all(root.join("blobs")).unwrap();

    let layout = Layout::open(dir.path()).unwrap();
    let (good, odd): (Vec<_>, Vec<_>) = layout.repositories().partition(Result::is_ok);
    assert_eq!((good.len(), odd.len()), (1, 4), "{odd:?}");
    let good = good.into_iter().next().unwrap().unwrap();
    assert_eq!(good.name(), "good");
    let (tags, odd): (Vec<_>, Vec<_>) = good.tags().partition(Result::is_ok);
    assert_eq!(tags.into_iter().map(|tag| tag.unwrap().1).collect::<Vec<_>>(), [digest]);
    // By name it is as in the list.
    assert_eq!(layout.repository("good"), Some(good.clone()));
    for name in ["", "bad", "good/again", "loop", "Bad Name", "..", "good/_manifests", "/etc"] {
        assert_eq!(layout.repository(name), None, "{name}");
    }
    let on = |tag: &str| good.tag(&Tag::parse(tag).unwrap());
    assert_eq!((on("fine").unwrap(), on("none").unwrap(), on("gone").unwrap()), (Some(digest), None, None));
    assert!(on("long").is_err() && on("pipe").is_err() && on("away").is_err());
    let why = |error: Result<_, LayoutError>| match error {
        Err(LayoutError::Odd { why, .. }) => why,
        other => panic!("{other:?}"),
    };
    let mut odd: Vec<Odd> = odd.into_iter().map(|odd| why(odd.map(drop))).collect();
    odd.sort_unstable_by_key(ToString::to_string);
    assert_eq!(odd, [Odd::Kind, Odd::Kind, Odd::Kind, Odd::Link, Odd::Link, Odd::Name]);
    let (manifests, odd): (Vec<_>, Vec<_>) = good.manifests().partition(Result::is_ok);
    assert_eq!(manifests.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [digest]);
    assert_eq!(odd.len(), 2);
    assert_eq!(good.layers().count(), 0);
    let data = layout.blob_path(&digest);
    fs::create_dir_all(data.parent().unwrap()).unwrap();
    symlink("/etc/passwd", &data).unwrap();
    assert!(matches!(layout.blob(&digest), Err(LayoutError::Odd { why: Odd::Kind, .. })));
}
