//! The queries that patterns stand for.

use super::*;

fn query(pattern: &str) -> String {
    let imports = BTreeMap::from([("http".to_owned(), "net/http".to_owned())]);
    compile(pattern, MATCH, &imports)
        .unwrap_or_else(|problems| panic!("{pattern}: {problems:?}"))
        .query
}

#[test]
fn show() {
    for p in [
        "http.Get(@u)",
        "@f(@a, @b...)",
        "if err != nil { @body... }",
        "@x = append(@x, @y...)",
        "func @f(@a..., ctx context.Context, @b...) @r... { @body... }",
        "@f[@i](@x)",
        "x T",
    ] {
        println!("{p}\n{}\n", query(p));
    }
}
