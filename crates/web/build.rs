//! Puts the files that `make web` made into the program, if there are any: building the server needs no Node.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// What a compressed copy of a file is called, besides its name.
const COPIES: [&str; 2] = ["br", "gz"];

fn main() -> io::Result<()> {
    let manifest = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let dist = manifest.join("../../web/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    let mut files = Vec::new();
    if dist.join("index.html").is_file() {
        collect(&dist, &mut files)?;
    }
    files.sort();
    let mut table = String::from("&[\n");
    for file in &files {
        let name = file.strip_prefix(&dist).map_err(io::Error::other)?;
        let name = name.to_string_lossy().replace('\\', "/");
        let [brotli, gzip] = COPIES.map(|copy| {
            let copy = PathBuf::from(format!("{}.{copy}", file.display()));
            if copy.is_file() { format!("Some({})", included(&copy)) } else { "None".to_owned() }
        });
        let plain = included(file);
        let written =
            writeln!(table, "    File {{ name: {name:?}, plain: {plain}, brotli: {brotli}, gzip: {gzip} }},");
        written.map_err(io::Error::other)?;
    }
    table.push(']');
    fs::write(PathBuf::from(variable("OUT_DIR")?).join("files.rs"), table)
}

fn variable(name: &str) -> io::Result<String> {
    env::var(name).map_err(io::Error::other)
}

/// What browsers are to have: neither compressed copies nor what the build tells about itself.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let is_copy = COPIES.iter().any(|copy| path.extension().is_some_and(|extension| extension == *copy));
        if name.starts_with('.') || is_copy {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

fn included(file: &Path) -> String {
    format!("include_bytes!({:?})", file.display().to_string())
}
