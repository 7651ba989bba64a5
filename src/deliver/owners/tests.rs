//! Owners as the forges' own documentation tells them.

use std::path::Path;

use super::{Owners, Rules, choose};

#[track_caller]
fn owned(text: &str, rules: Rules, expected: &[(&str, &str)]) {
    let owners = Owners::parse("CODEOWNERS", text, rules);
    for (path, wanted) in expected {
        let found: Vec<String> = owners.of_file(Path::new(path)).into_iter().collect();
        assert_eq!(found.join(" "), *wanted, "{path}");
    }
}

#[test]
fn github_takes_the_last_line_that_matches() {
    let text = "\
# comment
*       @global-1 @global-2
*.js    @js-owner #inline comment
*.go docs@example.com
/build/logs/ @doctocat
docs/* docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @logs
/apps/free
/deep/**/x.go @deep
with\\ space/ @space
";
    owned(
        text,
        Rules::GitHub,
        &[
            ("any/file", "@global-1 @global-2"),
            ("x/y.js", "@js-owner"),
            ("a.go", "docs@example.com"),
            ("dir.go/inner", "docs@example.com"),
            ("build/logs/a/b.txt", "@logs"),
            ("x/build/logs", "@logs"),
            ("docs/a.md", "@doctocat"),
            ("docs/a/b.md", "@doctocat"),
            ("x/docs/a.md", "@global-1 @global-2"),
            ("apps/a/b.go", "@octocat"),
            ("x/apps/b.go", "@octocat"),
            ("apps", "@global-1 @global-2"),
            ("scripts/x/y", "@doctocat @octocat"),
            ("apps/free/x.go", ""),
            ("deep/x.go", "@deep"),
            ("deep/a/b/x.go", "@deep"),
            ("with space/x", "@space"),
        ],
    );
}

#[test]
fn github_leaves_out_what_it_does_not_support() {
    let text = "\
* @all
docs/* @docs
!docs/a.md @no
docs/[ab].md @no
\\#x @no
/y.md nobody
#x @no
/ @no
*.MD @no
";
    owned(
        text,
        Rules::GitHub,
        &[
            ("docs/a.md", "@docs"),
            ("docs/deeper/a.md", "@all"),
            ("#x", "@all"),
            ("y.md", "@all"),
        ],
    );
}

#[test]
fn gitlab_asks_every_section() {
    let text = "\
* @default
/docs/ @docs
README.md @one me@example.com

[Backend][2] @back
*.go
/cmd/ @cmd
lib/x @@maintainer

^[Optional] @opt @group/sub
/api/*
/api/**/deep.go @deep

[backend] @again
/extra.txt
";
    owned(
        text,
        Rules::GitLab,
        &[
            ("a.txt", "@default"),
            ("docs/x/y", "@docs"),
            ("x/docs/y", "@default"),
            ("x/README.md", "@one me@example.com"),
            ("a/b.go", "@back @default"),
            ("cmd/b.go", "@cmd @default"),
            ("x/lib/x", "@@maintainer @default"),
            ("lib/x/y", "@default"),
            ("api/a", "@default @group/sub @opt"),
            ("api/a/b", "@default"),
            ("api/a/deep.go", "@back @deep @default"),
            ("extra.txt", "@again @default"),
            (".hidden/.x", "@default"),
        ],
    );
}

#[test]
fn gitlab_excludes_for_good_and_only_in_the_section() {
    let text = "\
* @all
!*.pb.go
*.pb.go @never
[Ruby]
*.rb @ruby
!/config/**/*.rb
/config/routes.rb @ops
nobody.rb
\\#odd @odd
spaced\\ name @space
x[0-9] @digit
[Broken
/src/** @src
# @comment
";
    owned(
        text,
        Rules::GitLab,
        &[
            ("a.pb.go", ""),
            ("a.rb", "@all @ruby"),
            ("config/routes.rb", "@all"),
            ("nobody.rb", "@all"),
            ("x/#odd", "@all @odd"),
            ("spaced name", "@all @space"),
            ("x7", "@all @digit"),
            ("src/a", "@all @src"),
            ("src/a/b", "@all"),
        ],
    );
}

#[test]
fn the_rules_follow_from_the_place_the_remote_and_the_text() {
    let chosen = |files: &[(&'static str, &str)], origin: &str| {
        let files = files.iter().map(|(path, text)| (*path, (*text).to_owned()));
        choose(&files.collect::<Vec<_>>(), origin).map(|owners| (owners.path, owners.rules))
    };
    let github = |path: &str| Some((path.to_owned(), Rules::GitHub));
    let gitlab = |path: &str| Some((path.to_owned(), Rules::GitLab));
    let (plain, sections) = ("* @a\n", "* @a\n[B] @b\n*.go\n");
    assert_eq!(chosen(&[], ""), None);
    assert_eq!(chosen(&[("CODEOWNERS", plain)], ""), github("CODEOWNERS"));
    assert_eq!(
        chosen(&[("CODEOWNERS", sections)], ""),
        gitlab("CODEOWNERS")
    );
    let both = [
        (".github/CODEOWNERS", plain),
        ("CODEOWNERS", plain),
        (".gitlab/CODEOWNERS", plain),
    ];
    assert_eq!(chosen(&both, ""), github(".github/CODEOWNERS"));
    assert_eq!(
        chosen(&both, "git@gitlab.example.org:x/y"),
        gitlab("CODEOWNERS")
    );
    assert_eq!(chosen(&both[2..], ""), gitlab(".gitlab/CODEOWNERS"));
    assert_eq!(chosen(&both[2..], "https://github.com/x/y"), None);
    assert_eq!(
        chosen(&[("docs/CODEOWNERS", sections)], "https://github.com/x"),
        github("docs/CODEOWNERS")
    );
}
