//! Graphs of small functions. In their bodies, `open()` is where paths begin, `release()` stops them, `maybe()` may stop
//! them, `fatal()` never returns, `unsure()` may or may not return, and `use()` is a use.

use std::sync::Arc;

use super::*;
use crate::go::control::descendants;

/// What `ask` says about the function with this body, which has the parameter `x`.
pub(super) fn with_flow<T>(
    body: &str,
    ask: impl for<'t> FnOnce(&Flow<'t>, &dyn Fn(&str) -> Vec<Node<'t>>) -> T,
) -> T {
    let source = format!("package p\n\nfunc f(x int) {{\n{body}\n}}\n");
    let parsed = Parsed::new(Arc::from(source.as_str()));
    assert!(
        parsed.errors().is_empty(),
        "the test's Go is broken:\n{source}"
    );
    let calls = |name: &str| -> Vec<Node<'_>> {
        descendants(parsed.root(), true)
            .into_iter()
            .filter(|n| {
                n.kind() == "call_expression" && parsed.text_of(*n).starts_with(&format!("{name}("))
            })
            .collect()
    };
    let function = parsed.root().named_child(1).expect("the function");
    let never = |call: Node<'_>| match parsed.text_of(call) {
        "fatal()" => Some(true),
        "unsure()" => None,
        _ => Some(false),
    };
    let flow = Flow::of(&parsed, function, &never).expect("a body that parses");
    ask(&flow, &calls)
}

/// How a path from `open()` gets out: `never`, `unknown`, `end`, or the text of the return.
fn way_out(body: &str) -> String {
    let source = format!("package p\n\nfunc f(x int) {{\n{body}\n}}\n");
    with_flow(body, |flow, calls| {
        let stops = |node: Node<'_>| {
            let text = &source[node.byte_range()];
            match text {
                _ if text.contains("release()") => Some(true),
                _ if text.contains("maybe()") => None,
                _ => Some(false),
            }
        };
        // Where there is something to release, nothing has failed.
        let takes = |node: Node<'_>, outcome: bool| match &source[node.byte_range()] {
            "failed" => !outcome,
            "worked" => outcome,
            _ => true,
        };
        let passage = Passage {
            stops: &stops,
            takes: &takes,
        };
        match flow.reaches_exit_without(calls("open")[0], &passage) {
            Reach::Never => "never".to_owned(),
            Reach::Unknown => "unknown".to_owned(),
            Reach::End => "end".to_owned(),
            Reach::Return(node) => source[node.byte_range()].to_owned(),
        }
    })
}

/// Whether `use()` comes after `open()` on some path.
pub(super) fn used(body: &str) -> Option<bool> {
    with_flow(body, |flow, calls| {
        flow.used_after(calls("open")[0], &calls("use"))
    })
}

#[test]
fn sequences_and_branches() {
    assert_eq!(way_out("open()"), "end");
    assert_eq!(way_out("open()\nrelease()"), "never");
    assert_eq!(way_out("release()\nopen()"), "end");
    assert_eq!(way_out("open()\ndefer release()\nreturn"), "never");
    assert_eq!(way_out("open()\ndefer func() {\n\trelease()\n}()"), "never");
    assert_eq!(
        way_out("open()\nif a {\n\treturn 1\n}\nrelease()"),
        "return 1"
    );
    assert_eq!(way_out("open()\nif a {\n\trelease()\n}"), "end");
    assert_eq!(
        way_out("open()\nif a {\n\trelease()\n} else {\n\trelease()\n}"),
        "never"
    );
    assert_eq!(
        way_out("open()\nif a {\n\trelease()\n} else if b {\n\treturn 2\n} else {\n\trelease()\n}"),
        "return 2"
    );
    assert_eq!(
        way_out("if a {\n\topen()\n} else {\n\treturn 1\n}\nrelease()"),
        "never"
    );
    assert_eq!(way_out("open()\nreturn release()"), "never");
    assert_eq!(way_out("return open()"), "return open()");
    assert_eq!(way_out("{\n\topen()\n}\nrelease()"), "never");
}

#[test]
fn conditions_are_split_and_can_be_ruled_out() {
    assert_eq!(way_out("open()\nif worked {\n\trelease()\n}"), "never");
    assert_eq!(way_out("open()\nif a && worked {\n\trelease()\n}"), "end");
    assert_eq!(
        way_out("open()\nif failed {\n\treturn 1\n}\nrelease()"),
        "never"
    );
    assert_eq!(way_out("open()\nif !failed {\n\trelease()\n}"), "never");
    assert_eq!(
        way_out("open()\nif (failed) || a {\n\treturn 1\n}\nrelease()"),
        "return 1"
    );
    assert_eq!(
        way_out("open()\nif failed && a {\n\treturn 1\n}\nrelease()"),
        "never"
    );
    assert_eq!(way_out("open()\nif a && release() {\n}"), "end");
    assert_eq!(way_out("open()\nif release() && a {\n}"), "never");
    assert_eq!(
        way_out("open()\nif a || b && release() {\n\treturn 1\n}\nrelease()"),
        "return 1"
    );
    assert_eq!(
        way_out("open()\nswitch {\ncase failed:\n\treturn 1\n}\nrelease()"),
        "never"
    );
    assert_eq!(
        way_out("if a := open(); failed {\n\treturn 1\n}\nrelease()"),
        "never"
    );
}

#[test]
fn loops_may_run_never_and_again() {
    assert_eq!(way_out("open()\nfor a {\n\trelease()\n}"), "end");
    assert_eq!(way_out("open()\nfor range a {\n\trelease()\n}"), "end");
    assert_eq!(way_out("open()\nfor i := range a {\n\trelease()\n}"), "end");
    assert_eq!(
        way_out("open()\nfor {\n\tif a {\n\t\tbreak\n\t}\n}\nrelease()"),
        "never"
    );
    assert_eq!(way_out("open()\nfor {\n\tif a {\n\t\tbreak\n\t}\n}"), "end");
    assert_eq!(way_out("open()\nfor {\n}"), "never");
    assert_eq!(
        way_out("open()\nfor {\n\tif a {\n\t\treturn 3\n\t}\n}"),
        "return 3"
    );
    assert_eq!(way_out("open()\nfor i := release(); a; b() {\n}"), "never");
    assert_eq!(way_out("open()\nfor ; a; release() {\n}"), "end");
    assert_eq!(way_out("open()\nfor release() {\n}"), "never");
    assert_eq!(way_out("open()\nfor range release() {\n}"), "never");
    assert_eq!(
        way_out("open()\nfor ; ; release() {\n\tif a {\n\t\tcontinue\n\t}\n\tbreak\n}"),
        "end"
    );
    assert_eq!(
        way_out("for ; a; release() {\n\topen()\n\tcontinue\n}"),
        "never"
    );
    // Round the loop, the next turn begins with a release; leaving it does not.
    assert_eq!(way_out("for {\n\trelease()\n\topen()\n}"), "never");
    assert_eq!(way_out("for a {\n\trelease()\n\topen()\n}"), "end");
}

#[test]
fn labels_lead_breaks_and_continues() {
    let nested = |jump: &str| {
        format!("open()\nL:\n\tfor a {{\n\t\tfor {{\n\t\t\t{jump}\n\t\t}}\n\t}}\nrelease()")
    };
    assert_eq!(way_out(&nested("break L")), "never");
    assert_eq!(
        way_out("open()\nL:\n\tfor {\n\t\tfor {\n\t\t\tbreak L\n\t\t}\n\t}"),
        "end"
    );
    assert_eq!(
        way_out("open()\nL:\n\tfor {\n\t\tfor {\n\t\t\tbreak\n\t\t}\n\t}"),
        "never"
    );
    assert_eq!(
        way_out("open()\nL:\n\tfor ; ; release() {\n\t\tfor {\n\t\t\tcontinue L\n\t\t}\n\t}"),
        "never"
    );
    assert_eq!(
        way_out(
            "open()\nL:\n\tswitch {\n\tcase a:\n\t\tfor {\n\t\t\tbreak L\n\t\t}\n\tdefault:\n\t\trelease()\n\t}"
        ),
        "end"
    );
}

#[test]
fn gotos_lead_forwards_and_back() {
    assert_eq!(
        way_out("open()\nif a {\n\tgoto done\n}\nrelease()\ndone:"),
        "end"
    );
    assert_eq!(
        way_out("open()\nif a {\n\tgoto done\n}\nrelease()\nreturn\ndone:\n\trelease()"),
        "never"
    );
    assert_eq!(
        way_out("again:\n\tif a {\n\t\treturn 4\n\t}\n\topen()\n\tgoto again"),
        "return 4"
    );
    assert_eq!(
        way_out("again:\n\trelease()\n\topen()\n\tgoto again"),
        "never"
    );
}

#[test]
fn switches_choose_at_most_one_clause() {
    assert_eq!(
        way_out("open()\nswitch a {\ncase 1:\n\trelease()\n}"),
        "end"
    );
    assert_eq!(
        way_out("open()\nswitch a {\ncase 1:\n\trelease()\ndefault:\n\trelease()\n}"),
        "never"
    );
    assert_eq!(
        way_out("open()\nswitch a {\ndefault:\n\trelease()\ncase 1:\n\trelease()\n}"),
        "never"
    );
    assert_eq!(
        way_out("open()\nswitch a {\ncase 1:\n\tfallthrough\ndefault:\n\trelease()\n}"),
        "never"
    );
    assert_eq!(
        way_out(
            "open()\nswitch a {\ncase 1:\n\tif b {\n\t\tbreak\n\t}\n\trelease()\ndefault:\n\trelease()\n}"
        ),
        "end"
    );
    assert_eq!(way_out("open()\nswitch release(); a {\n}"), "never");
    assert_eq!(way_out("open()\nswitch release() {\n}"), "never");
    assert_eq!(
        way_out("open()\nswitch a {\ncase release(), 1:\n}"),
        "never"
    );
    assert_eq!(way_out("open()\nswitch a {\ncase 1, release():\n}"), "end");
    assert_eq!(way_out("open()\nswitch {\n}"), "end");
    assert_eq!(
        way_out("open()\nswitch y := a.(type) {\ncase int, string:\n\trelease()\n}"),
        "end"
    );
    assert_eq!(
        way_out("open()\nswitch a.(type) {\ncase int:\n\trelease()\ndefault:\n\trelease()\n}"),
        "never"
    );
    assert_eq!(way_out("open()\nswitch release().(type) {\n}"), "never");
    assert_eq!(
        way_out(
            "for {\n\topen()\n\tswitch a {\n\tcase 1:\n\t\tcontinue\n\t}\n\trelease()\n\treturn\n}"
        ),
        "never"
    );
}

#[test]
fn selects_wait_for_a_clause() {
    assert_eq!(way_out("open()\nselect {}"), "never");
    assert_eq!(
        way_out("open()\nselect {\ncase <-a:\n\trelease()\n}"),
        "never"
    );
    assert_eq!(
        way_out("open()\nselect {\ncase <-a:\n\trelease()\ndefault:\n}"),
        "end"
    );
    assert_eq!(
        way_out("open()\nselect {\ncase y := <-a:\n\treturn 5\ncase b <- 1:\n\trelease()\n}"),
        "return 5"
    );
    assert_eq!(way_out("open()\nselect {\ncase <-a:\n\tbreak\n}"), "end");
    assert_eq!(way_out("open()\nselect {\ncase <-release():\n}"), "never");
}

#[test]
fn panics_end_paths_without_a_leak_and_the_unknown_stays_unknown() {
    assert_eq!(way_out("open()\nfatal()"), "never");
    assert_eq!(
        way_out("open()\nif a {\n\t(fatal())\n}\nrelease()"),
        "never"
    );
    assert_eq!(way_out("open()\ngo fatal()"), "end");
    assert_eq!(way_out("open()\nunsure()"), "unknown");
    assert_eq!(way_out("open()\nunsure()\nrelease()"), "never");
    assert_eq!(way_out("open()\nif a {\n\tunsure()\n}"), "end");
    assert_eq!(way_out("open()\nmaybe()"), "unknown");
    assert_eq!(way_out("open()\nif a {\n\tmaybe()\n}"), "end");
}

#[test]
fn dead_code_leads_nowhere() {
    assert_eq!(way_out("return 1\nopen()"), "never");
    assert_eq!(
        way_out("open()\nif a {\n\trelease()\n\treturn\n\tb()\n}\nrelease()"),
        "never"
    );
}

#[test]
fn compound_statements_are_left_as_a_whole() {
    let source =
        "if a {\n\topen()\n\treturn 1\n} else if b {\n\tfor {\n\t\tuse()\n\t\tbreak\n\t}\n}\nuse()";
    with_flow(source, |flow, calls| {
        let branch = crate::go::control::ancestors(calls("open")[0])
            .find(|n| n.kind() == "if_statement")
            .expect("in an if");
        let uses = calls("use");
        assert_eq!(flow.used_after(branch, &uses[..1]), Some(false));
        assert_eq!(flow.used_after(branch, &uses[1..]), Some(true));
        let stops = |node: Node<'_>| Some(node.kind() == "expression_statement");
        let passage = Passage {
            stops: &stops,
            ..Passage::default()
        };
        assert!(matches!(
            flow.reaches_exit_without(branch, &passage),
            Reach::Return(_)
        ));
    });
}
