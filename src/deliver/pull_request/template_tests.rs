//! What templates print, and what they say of themselves when they cannot.

use super::*;
use crate::deliver::pull_request::facts::{Reviewer, address};

fn facts() -> Facts {
    Facts {
        base_commit: "1a2b3c4d5e6f".to_owned(),
        changes: 3,
        files: 2,
        command: "gomend diff --at 1a2b3c4d5e6f -c 'a/*'".to_owned(),
        ..example()
    }
}

fn wrong(source: &str) -> String {
    Template::body("pr.md", source)
        .expect_err("it is wrong")
        .to_string()
}

#[test]
fn the_default_body_says_all() {
    let mut facts = facts();
    facts.left[0].message = "`@octocat` waits <b>for ever</b>".to_owned();
    facts.left_more = 2;
    facts.reviewers.push(Reviewer {
        name: "B_b @ home".to_owned(),
        lines: 2,
    });
    let body = Template::body("body.md", BODY).expect("it is right");
    let text = body.render_body(&facts, 65_536).expect("it is right");
    let expected = "\
gomend 0.1.0 changed 3 places in 2 files. Every edit was verified: the result parses, is gofmt-clean and keeps all comments, and a second run finds nothing more.

### `group/name`: 1 place in 1 file

Do it

Because.

See [`go.dev`](https://go.dev).

### How to reproduce

The commits start at `main` (`1a2b3c4d5e`). In any clone that has it, this prints their changes:

```sh
gomend diff --at 1a2b3c4d5e6f -c 'a/*'
```

### Left for people

gomend found these too, and did not change them.

- [`a.go:1`](https://example.org) `group/name`: `@octocat` waits \\<b\\>for ever\\</b\\> (no change is proposed)
- … and 2 others; `gomend check` lists all

### Who knows this code

The changed lines were last touched by Ann (1 line), B\\_b @ home (2 lines).

---

gomend keeps this pull request up to date: the branch is replaced when the result changes, and the pull request is closed when nothing is left to change. Push a commit to the branch and gomend leaves it to you; close the pull request and gomend does not open it again while the branch exists.";
    assert_eq!(text.trim_end(), expected);
}

#[test]
fn the_default_body_leaves_out_what_there_is_not() {
    let bare = Facts {
        left: Vec::new(),
        reviewers: Vec::new(),
        gofmt: false,
        ..facts()
    };
    let body = Template::body("body.md", BODY).expect("it is right");
    let text = body.render_body(&bare, 65_536).expect("it is right");
    assert!(
        !text.contains("Left for people") && !text.contains("Who knows"),
        "{text}"
    );
    assert!(
        text.contains("the result parses and keeps all comments"),
        "{text}"
    );
}

#[test]
fn titles_are_one_plain_line() {
    let title = |source: &str, facts: &Facts| {
        Template::title("`--title`", source)
            .and_then(|template| template.render_title(facts))
            .map_err(|error| error.to_string())
    };
    let mut many = facts();
    assert_eq!(title(TITLE, &many), Ok("Do it".to_owned()));
    many.codemods.push(many.codemods[0].clone());
    assert_eq!(title(TITLE, &many), Ok("Apply 2 codemods".to_owned()));
    many.codemods[0].summary = "Write `any` for <T>\n@all".to_owned();
    assert_eq!(
        title("fix: {{ codemods[0].summary }}\n", &many),
        Ok("fix: Write `any` for <T> @all".to_owned())
    );
    let long = title(&"x".repeat(400), &many).expect("it is cut");
    assert_eq!(long.chars().count(), 255);
    assert!(long.ends_with("x…"));
    assert_eq!(
        title(" {# none #} ", &many),
        Err("`--title` makes an empty title; write text in it".to_owned())
    );
}

#[test]
fn errors_name_the_file_the_line_and_the_variable() {
    assert_eq!(
        wrong("a\n{{ bse }}"),
        "pr.md:2: `bse` is not a variable; did you mean `base`?"
    );
    assert!(wrong("{% if nonsense_entirely %}x{% endif %}").starts_with(
        "pr.md:1: `nonsense_entirely` is not a variable; there are base, base_commit, branch, "
    ),);
    assert_eq!(
        wrong("\n\n{% for codemod in codemods %}\n{{ codemod.idd }}\n{% endfor %}"),
        "pr.md:4: `codemod.idd` is not there; `gomend pr --help` lists the variables"
    );
    let syntax = wrong("x\n{% if base %}\n");
    assert!(
        syntax.starts_with("pr.md:2: unexpected end of input"),
        "{syntax}"
    );
    let filter = wrong("{{ base | nosuch }}");
    assert!(
        filter.starts_with("pr.md:1: ") && filter.contains("nosuch"),
        "{filter}"
    );
}

#[test]
fn a_body_keeps_to_its_limit() {
    let mut many = facts();
    many.left = vec![many.left[0].clone(); 400];
    let body = Template::body("body.md", BODY).expect("it is right");
    let listed = |limit: usize| {
        let text = body.render_body(&many, limit).expect("it is right");
        assert!(text.len() <= limit, "{} > {limit}", text.len());
        text.matches("no change is proposed").count()
    };
    assert_eq!(listed(65_536), 50);
    assert_eq!(listed(3_000), 12);
    let fenced = Template::body("pr.md", "{{ command | fence }}\nend\n").expect("it is right");
    many.command = "a\n".repeat(4_000);
    let text = fenced.render_body(&many, 1_000).expect("it is right");
    assert!(text.len() <= 1_000);
    assert!(
        text.ends_with("a\n```\n\n… the rest is too long to be shown here.\n"),
        "{text}"
    );
}

#[test]
fn addresses_stay_in_their_parentheses() {
    assert_eq!(
        address("https://a.b/c(d) <e>\n\\").to_string(),
        "https://a.b/c%28d%29%20%3Ce%3E%20%5C"
    );
}
