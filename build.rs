//! Embeds the shipped codemods: writes the list of `codemods/<group>/<name>.toml`, sorted by id, with `include_str!` for each.

use std::{
    env, fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let folder = root.join("codemods");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=codemods");
    let mut entries = Vec::new();
    for group in sorted(&folder)? {
        if group.is_dir() {
            println!("cargo::rerun-if-changed={}", group.display());
            for file in sorted(&group)? {
                if file.extension().is_some_and(|e| e == "toml") {
                    entries.push((id(&group, &file), file));
                }
            }
        }
    }
    entries.sort();
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it"));
    let mut list = fs::File::create(out.join("catalogue.rs"))?;
    writeln!(list, "&[")?;
    for (id, file) in entries {
        writeln!(
            list,
            "    ({id:?}, include_str!({:?})),",
            file.display().to_string()
        )?;
    }
    writeln!(list, "]")
}

/// The entries of a folder by name; none where there is no such folder.
fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths = fs::read_dir(folder)?
        .map(|entry| entry.map(|e| e.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// `group/name`.
fn id(group: &Path, file: &Path) -> String {
    let name =
        |part: Option<&std::ffi::OsStr>| part.unwrap_or_default().to_string_lossy().into_owned();
    format!("{}/{}", name(group.file_name()), name(file.file_stem()))
}
