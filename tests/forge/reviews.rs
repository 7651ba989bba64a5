//! Labels and reviewers.

use super::*;
use forge_support::world::Label;

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|&name| name.to_owned()).collect()
}

#[test]
fn labels_are_added_to_those_that_are_there() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench.open();
        bench.forge.world(|world| {
            let repo = world.repo_mut(REPO).expect("it is there");
            let known = ["by hand", "gomend", "leak"].iter().zip(1..);
            repo.labels = known
                .map(|(name, id)| Label {
                    id,
                    name: (*name).to_owned(),
                })
                .collect();
        });
        bench
            .forge
            .pull(REPO, 1, |pull| pull.labels = names(&["by hand"]));
        let refused = bench.client.add_labels(1, &names(&["leak", "gomend"]));
        assert_eq!(refused, Ok(Vec::new()), "{kind}");
        let pull = bench.client.get(1).expect("it is there");
        assert_eq!(pull.labels, ["by hand", "gomend", "leak"], "{kind}");
        let before = bench.forge.requests().len();
        assert_eq!(bench.client.add_labels(1, &[]), Ok(Vec::new()));
        assert_eq!(bench.forge.requests().len(), before);
    });
}

#[test]
fn a_label_that_gitea_does_not_have_is_told() {
    let bench = Bench::new(Kind::Gitea);
    bench.open();
    bench.forge.world(|world| {
        let repo = world.repo_mut(REPO).expect("it is there");
        // More than one page.
        repo.labels = (1..=60)
            .map(|id| Label {
                id,
                name: format!("label-{id}"),
            })
            .collect();
    });
    let refused = bench.client.add_labels(1, &names(&["label-60", "mend"]));
    let refused = refused.expect("the others are added");
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].name, "mend");
    assert_eq!(
        refused[0].reason,
        "`acme/widgets` has no such label; make it there first"
    );
    assert_eq!(bench.forge.pulls(REPO)[0].labels, ["label-60"]);
}

#[test]
fn a_label_with_a_comma_is_not_split_by_gitlab() {
    let bench = Bench::new(Kind::Gitlab);
    bench.open();
    let refused = bench
        .client
        .add_labels(1, &names(&["a, b", "c"]))
        .expect("one is added");
    assert_eq!(refused[0].name, "a, b");
    assert_eq!(bench.forge.pulls(REPO)[0].labels, ["c"]);
}

#[test]
fn reviewers_are_added_and_who_cannot_review_is_told() {
    each(|kind| {
        let bench = Bench::new(kind);
        bench.open();
        bench.forge.pull(REPO, 1, |pull| {
            pull.author = "ada".to_owned();
            pull.reviewers = names(&["bot"]);
        });
        let asked = names(&["grace", "nobody", "acme/core", "acme/none"]);
        let refused = bench
            .client
            .request_reviewers(1, &asked)
            .expect("some are asked");
        let refused: Vec<_> = refused
            .iter()
            .map(|refused| refused.name.as_str())
            .collect();
        let pull = bench.client.get(1).expect("it is there");
        if kind == Kind::Gitlab {
            assert_eq!(refused, ["nobody", "acme/core", "acme/none"]);
            assert_eq!(pull.reviewers, ["bot", "grace"]);
        } else {
            assert_eq!(refused, ["nobody", "acme/none"], "{kind}");
            assert_eq!(pull.reviewers, ["acme/core", "bot", "grace"], "{kind}");
        }
        bench.forge.assert_tokens_hidden();
    });
}

#[test]
fn gitlab_says_whom_it_leaves_out() {
    let bench = Bench::new(Kind::Gitlab);
    bench.open();
    bench
        .forge
        .world(|world| world.repo_mut(REPO).expect("it is there").private = true);
    let refused = bench.client.request_reviewers(1, &names(&["ada", "grace"]));
    let refused = refused.expect("one is asked");
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].name, "ada");
    assert_eq!(bench.forge.pulls(REPO)[0].reviewers, ["grace"]);
    // Asking again for who is asked changes nothing.
    let before = bench.forge.count("PUT", "/merge_requests/1");
    assert_eq!(
        bench.client.request_reviewers(1, &names(&["grace"])),
        Ok(Vec::new())
    );
    assert_eq!(bench.forge.count("PUT", "/merge_requests/1"), before);
}
