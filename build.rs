//! What `muban --version` tells of the build: commit, target, profile, compiler, TLS. All of it may be unknown: from a tarball there
//! is no commit.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let root = PathBuf::from(var("CARGO_MANIFEST_DIR"));
    // Without a word on what it reads, cargo would run it anew whenever any file changes.
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=Cargo.lock");
    let commit = commit_of(&root).or_else(|| packaged_commit(&root)).unwrap_or_default();
    let rustc = printed(Command::new(var("RUSTC")).arg("--version")).unwrap_or_default();
    for (name, value) in [
        ("COMMIT", commit),
        ("TARGET", var("TARGET")),
        ("PROFILE", var("PROFILE")),
        ("RUSTC", rustc.trim_start_matches("rustc ").to_owned()),
        ("RUSTLS", locked_version(&root, "rustls").unwrap_or_default()),
    ] {
        println!("cargo:rustc-env=MUBAN_BUILD_{name}={value}");
    }
}

fn var(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// What a program printed, if it ended well.
fn printed(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

/// The commit of this very repository: unpacked somewhere within another one, it has none.
fn commit_of(root: &Path) -> Option<String> {
    let git = |args: &[&str]| printed(Command::new("git").arg("-C").arg(root).args(args));
    let top = git(&["rev-parse", "--show-toplevel"])?;
    if Path::new(&top).canonicalize().ok()? != root.canonicalize().ok()? {
        return None;
    }
    let branch = git(&["rev-parse", "--symbolic-full-name", "HEAD"])?;
    // What changes with a commit; a file that is not there would have it run at each build.
    for name in ["HEAD", "logs/HEAD", &branch] {
        let path = root.join(git(&["rev-parse", "--git-path", name])?);
        if path.exists() {
            println!("cargo:rerun-if-changed={}", path.display());
        }
    }
    git(&["rev-parse", "--short=12", "HEAD"])
}

/// The commit that `cargo package` notes in what it packs.
fn packaged_commit(root: &Path) -> Option<String> {
    let text = std::fs::read_to_string(root.join(".cargo_vcs_info.json")).ok()?;
    let (_, after) = text.split_once("\"sha1\"")?;
    let sha1: String =
        after.chars().skip_while(|c| !c.is_ascii_hexdigit()).take_while(char::is_ascii_hexdigit).take(12).collect();
    (!sha1.is_empty()).then_some(sha1)
}

fn locked_version(root: &Path, name: &str) -> Option<String> {
    let lock = std::fs::read_to_string(root.join("Cargo.lock")).ok()?;
    let (_, after) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
    after.split_once('"').map(|(version, _)| version.to_owned())
}
