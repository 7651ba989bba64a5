//! The imports of a file and the local names they declare (<https://go.dev/ref/spec#Import_declarations>).
//! In: a syntax tree. Out: import specs in document order. A package's own name is not in the file that imports it;
//! its path only suggests one, so there are candidates, best first. Which of them the file uses is a question of
//! scope: `scope::Scope::import_name`.

use std::ops::Range;

use tree_sitter::Node;

use super::syntax::Parsed;

/// How an import spec names its package in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Alias {
    /// No name is written: the package's own name, which its path only suggests.
    None,
    /// `name "path"`.
    Named(String),
    /// `. "path"`.
    Dot,
    /// `_ "path"`.
    Blank,
}

/// One import spec.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Import {
    /// The path, unquoted.
    pub path: String,
    /// How it is named here.
    pub alias: Alias,
    /// Bytes of the import spec.
    pub range: Range<usize>,
}

/// The imports of a file, in document order.
pub fn imports(parsed: &Parsed) -> Vec<Import> {
    let mut found = Vec::new();
    let root = parsed.root();
    let mut cursor = root.walk();
    for declaration in root
        .named_children(&mut cursor)
        .filter(|n| n.kind() == "import_declaration")
    {
        let mut cursor = declaration.walk();
        for child in declaration.named_children(&mut cursor) {
            match child.kind() {
                "import_spec" => found.extend(import(parsed, child)),
                "import_spec_list" => {
                    let mut cursor = child.walk();
                    let specs = child
                        .named_children(&mut cursor)
                        .filter(|n| n.kind() == "import_spec");
                    found.extend(specs.filter_map(|spec| import(parsed, spec)));
                }
                _ => {}
            }
        }
    }
    found
}

fn import(parsed: &Parsed, spec: Node<'_>) -> Option<Import> {
    let quoted = parsed.text_of(spec.child_by_field_name("path")?);
    let path = quoted.trim_matches(['"', '`']);
    let alias = match spec.child_by_field_name("name") {
        None => Alias::None,
        Some(name) => match parsed.text_of(name) {
            "." => Alias::Dot,
            "_" => Alias::Blank,
            name => Alias::Named(name.to_owned()),
        },
    };
    Some(Import {
        path: path.to_owned(),
        alias,
        range: spec.byte_range(),
    })
}

/// The names that an import may have in its file, best first; empty for dot and blank imports.
pub fn local_names(import: &Import) -> Vec<String> {
    match &import.alias {
        Alias::None => candidate_names(&import.path),
        Alias::Named(name) => vec![name.clone()],
        Alias::Dot | Alias::Blank => Vec::new(),
    }
}

/// The names that the package at `path` may have, best first. The first is what goimports assumes; the others cover
/// the customs by which repository names differ from package names. `C` stands for cgo.
///
/// Only words that can be identifiers are given, so the list may be empty.
pub fn candidate_names(path: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut elements = path.rsplit('/').filter(|element| !element.is_empty());
    let Some(last) = elements.next() else {
        return names;
    };
    match (is_version(last), elements.next()) {
        // A module's major version suffix is at least 2; `v1` is a package of that name, as in k8s.io/api/core/v1.
        (true, Some(before)) if !matches!(last, "v0" | "v1") => {
            push_element(before, &mut names);
            push_name(last, &mut names);
        }
        (true, Some(before)) => {
            push_name(last, &mut names);
            push_element(before, &mut names);
        }
        _ => push_element(last, &mut names),
    }
    names
}

/// The names that one element of a path suggests.
fn push_element(element: &str, names: &mut Vec<String>) {
    let element = match element.rsplit_once(".v") {
        Some((name, digits)) if is_version(&format!("v{digits}")) => name,
        _ => element,
    };
    let bare = ["go-", "go.", "golang-"]
        .iter()
        .find_map(|prefix| element.strip_prefix(prefix))
        .unwrap_or(element);
    let bare = ["-go", ".go", "-golang", ".golang"]
        .iter()
        .find_map(|suffix| bare.strip_suffix(suffix))
        .unwrap_or(bare);
    let parts = |word: &'static [char], of: &str| -> Vec<String> {
        of.split(word).map(str::to_owned).collect()
    };
    let words = parts(&['-', '.'], bare);
    if let Some(first) = words.first() {
        push_name(first, names);
    }
    push_name(&words.concat(), names);
    if let Some(last) = words.last() {
        push_name(last, names);
    }
    push_name(&words.join("_"), names);
    let all = parts(&['-', '.'], element);
    push_name(&all.concat(), names);
    push_name(&all.join("_"), names);
    for word in all {
        push_name(&word, names);
    }
}

fn push_name(name: &str, names: &mut Vec<String>) {
    let is_identifier = name.chars().all(|c| c == '_' || c.is_alphanumeric())
        && name.chars().next().is_some_and(|c| !c.is_ascii_digit());
    if is_identifier && name != "_" && !names.iter().any(|n| n == name) {
        names.push(name.to_owned());
    }
}

fn is_version(word: &str) -> bool {
    word.strip_prefix('v')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_spec_is_read() {
        let text = "package p\nimport \"fmt\"\nimport (\n\tr `math/rand/v2` // c\n\t. \"a\"; _ \"b/c\"\n)\nimport \"C\"\n";
        let found = imports(&Parsed::new(text.into()));
        let read: Vec<_> = found
            .iter()
            .map(|i| (i.path.as_str(), i.alias.clone()))
            .collect();
        assert_eq!(
            read,
            [
                ("fmt", Alias::None),
                ("math/rand/v2", Alias::Named("r".into())),
                ("a", Alias::Dot),
                ("b/c", Alias::Blank),
                ("C", Alias::None),
            ]
        );
        assert_eq!(&text[found[1].range.clone()], "r `math/rand/v2`");
        assert_eq!(local_names(&found[1]), ["r"]);
        assert_eq!(local_names(&found[2]), Vec::<String>::new());
    }

    #[test]
    fn the_best_candidate_is_the_usual_name() {
        for (path, best) in [
            ("fmt", "fmt"),
            ("net/http", "http"),
            ("math/rand/v2", "rand"),
            ("C", "C"),
            ("gopkg.in/yaml.v3", "yaml"),
            ("gopkg.in/src-d/go-git.v4", "git"),
            ("github.com/go-chi/chi/v5", "chi"),
            ("github.com/mattn/go-sqlite3", "sqlite3"),
            ("github.com/minio/minio-go/v7", "minio"),
            ("github.com/nats-io/nats.go", "nats"),
            ("k8s.io/api/core/v1", "v1"),
            ("github.com/prometheus/client_golang", "client_golang"),
        ] {
            assert_eq!(
                candidate_names(path).first().map(String::as_str),
                Some(best),
                "{path}"
            );
        }
    }

    #[test]
    fn other_customs_are_candidates_too() {
        let has = |path, name: &str| candidate_names(path).iter().any(|n| n == name);
        assert!(has("k8s.io/api/autoscaling/v2", "v2"));
        assert!(has("github.com/json-iterator/go", "go"));
        assert!(has("github.com/lib/go-multi-error", "multierror"));
        assert!(has("github.com/x/semantic-version", "version"));
        assert!(!has("github.com/x/7zip", "7zip"));
        assert_eq!(candidate_names(""), Vec::<String>::new());
        assert_eq!(candidate_names("//"), Vec::<String>::new());
    }
}
