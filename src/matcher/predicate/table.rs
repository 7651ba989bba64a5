//! The table of predicates: name, arguments, help, function. One entry each.

use super::{
    Parameter::{Capture, CaptureOrText, GoRequirement, NodeKind, Regex, Text},
    PredicateKind, Signature, control, file, object, place, resource, text, typed, types,
};

/// Every predicate, by name.
pub static TABLE: &[PredicateKind] = &[
    PredicateKind {
        name: "eq",
        signature: Signature {
            required: &[Capture, CaptureOrText],
            rest: None,
        },
        help: "`(#eq? @a @b)`, `(#eq? @a \"text\")`: the texts are the same",
        eval: text::eq,
    },
    PredicateKind {
        name: "any-eq",
        signature: Signature {
            required: &[Capture, CaptureOrText],
            rest: None,
        },
        help: "`(#any-eq? @a \"text\")`: the text of some node of a quantified capture is the same",
        eval: text::any_eq,
    },
    PredicateKind {
        name: "any-not-eq",
        signature: Signature {
            required: &[Capture, CaptureOrText],
            rest: None,
        },
        help: "`(#any-not-eq? @a \"text\")`: the text of some node of a quantified capture differs",
        eval: text::any_not_eq,
    },
    PredicateKind {
        name: "match",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#match? @a \"re\")`: the regular expression finds something in the text",
        eval: text::matches,
    },
    PredicateKind {
        name: "any-match",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#any-match? @a \"re\")`: it finds something in some node of a quantified capture",
        eval: text::any_match,
    },
    PredicateKind {
        name: "any-not-match",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#any-not-match? @a \"re\")`: it finds nothing in some node of a quantified capture",
        eval: text::any_not_match,
    },
    PredicateKind {
        name: "any-of",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#any-of? @a \"x\" \"y\")`: the text is one of these",
        eval: text::any_of,
    },
    PredicateKind {
        name: "import",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#import? @id \"path\" …)`: the identifier is the local name of one of these imports, not shadowed",
        eval: file::import,
    },
    PredicateKind {
        name: "in-loop",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#in-loop? @n)`: a `for` of the same function runs the node more than once",
        eval: place::in_loop,
    },
    PredicateKind {
        name: "last",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#last? @n)`: of its neighbours, none but comments follows the node",
        eval: place::last,
    },
    PredicateKind {
        name: "inside",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#inside? @n \"kind\" …)`: an ancestor within the same function has one of these kinds",
        eval: place::inside,
    },
    PredicateKind {
        name: "inside-any",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#inside-any? @n \"kind\" …)`: an ancestor has one of these kinds, function literals crossed",
        eval: place::inside_any,
    },
    PredicateKind {
        name: "has",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#has? @n \"kind\" …)`: a descendant has one of these kinds, function literals not entered",
        eval: place::has,
    },
    PredicateKind {
        name: "has-any",
        signature: Signature {
            required: &[Capture, NodeKind],
            rest: Some(NodeKind),
        },
        help: "`(#has-any? @n \"kind\" …)`: a descendant has one of these kinds, function literals entered",
        eval: place::has_any,
    },
    PredicateKind {
        name: "jumps-out",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#jumps-out? @n)`: holds a return, goto, break or continue that leaves the node",
        eval: control::jumps_out,
    },
    PredicateKind {
        name: "terminates",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#terminates? @block)`: control cannot run off the end of the block or statement",
        eval: control::terminates,
    },
    PredicateKind {
        name: "err-check",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#err-check? @if @err)`: the statement is `if err != nil { … }` over that identifier and its body terminates",
        eval: control::err_check,
    },
    PredicateKind {
        name: "go",
        signature: Signature {
            required: &[GoRequirement],
            rest: None,
        },
        help: "`(#go? \">=1.22\")`: the file's language version meets the requirement",
        eval: file::go,
    },
    PredicateKind {
        name: "test-file",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#test-file?)`: the file's name ends in `_test.go`",
        eval: file::test_file,
    },
    PredicateKind {
        name: "main-package",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#main-package?)`: the file's package is `main`",
        eval: file::main_package,
    },
    PredicateKind {
        name: "package-declares",
        signature: Signature {
            required: &[Text],
            rest: Some(Text),
        },
        help: "`(#package-declares? \"TestMain\" …)`: some file of the package declares one of these names; of a test file, also its external or internal tests",
        eval: file::package_declares,
    },
    PredicateKind {
        name: "package-imports",
        signature: Signature {
            required: &[Text],
            rest: Some(Text),
        },
        help: "`(#package-imports? \"path\" …)`: some file of the package imports one of these",
        eval: file::package_imports,
    },
    PredicateKind {
        name: "requires",
        signature: Signature {
            required: &[Text],
            rest: Some(Text),
        },
        help: "`(#requires? \"module\" …)`: go.mod requires one of these modules, or is that of one",
        eval: file::requires,
    },
    PredicateKind {
        name: "generated",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#generated?)`: the file says that it is generated",
        eval: file::generated,
    },
    PredicateKind {
        name: "binds",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#binds? @a @b)`: both identifiers mean the same declared object",
        eval: object::binds,
    },
    PredicateKind {
        name: "mentions",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#mentions? @n @id)`: the object is used in the node",
        eval: object::mentions,
    },
    PredicateKind {
        name: "commented",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#commented? @n \"re\")`: the regular expression finds something in a comment above the node's statement, or on its lines",
        eval: place::commented,
    },
    PredicateKind {
        name: "stored",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#stored? @id)`: the object is assigned to a field, an element or a global, stands in a composite literal, or is sent",
        eval: object::stored,
    },
    PredicateKind {
        name: "given-to",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#given-to? @id \"Do\" …)`: the object is the only argument of a call of something with one of these names",
        eval: object::given_to,
    },
    PredicateKind {
        name: "function-name",
        signature: Signature {
            required: &[Capture, Regex],
            rest: None,
        },
        help: "`(#function-name? @n \"re\")`: the regular expression finds something in the name of the function declaration around the node",
        eval: place::function_name,
    },
    PredicateKind {
        name: "declared-in",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#declared-in? @id @node)`: the object is declared inside the node",
        eval: object::declared_in,
    },
    PredicateKind {
        name: "local",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#local? @id)`: the object is declared in the body of a function; a parameter or result is not",
        eval: object::local,
    },
    PredicateKind {
        name: "param",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#param? @id)`: the object is a parameter or receiver",
        eval: object::param,
    },
    PredicateKind {
        name: "package-level",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#package-level? @id)`: the object is declared at package level, in this file or another",
        eval: object::package_level,
    },
    PredicateKind {
        name: "reassigned",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#reassigned? @id)`: the variable is assigned besides its declaration",
        eval: object::reassigned,
    },
    PredicateKind {
        name: "reassigned-after",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#reassigned-after? @id @n)`: the variable is assigned behind the node, or by a loop around it",
        eval: object::reassigned_after,
    },
    PredicateKind {
        name: "captured",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#captured? @id)`: a function literal inside the variable's function uses it",
        eval: object::captured,
    },
    PredicateKind {
        name: "only-selects",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#only-selects? @id \"Status\" …)`: every use of the object is a selection of one of these from it",
        eval: typed::only_selects,
    },
    PredicateKind {
        name: "selects-once",
        signature: Signature {
            required: &[Capture, Capture, Text],
            rest: Some(Text),
        },
        help: "`(#selects-once? @n @x \"Done\" …)`: `x.Done` stands exactly once in the node, function literals entered, `x` spelled alike",
        eval: typed::selects_once,
    },
    PredicateKind {
        name: "type",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#type? @x \"*net/http.Response\" …)`: the type of the expression is known and is one of these, named by import path",
        eval: types::is_type,
    },
    PredicateKind {
        name: "implements",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#implements? @x \"io.Closer\" …)`: the type of the expression is known and has all methods of one of these interfaces",
        eval: types::implements,
    },
    PredicateKind {
        name: "universe",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#universe? @n \"any\" …)`: nothing in this file and its package shadows these predeclared names where the node stands",
        eval: object::universe,
    },
    PredicateKind {
        name: "calls",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#calls? @id \"Close\" \"Body.Close\" …)`: some use calls that method on the object, or hands it over; `()` is the object itself",
        eval: resource::calls,
    },
    PredicateKind {
        name: "escapes",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#escapes? @id)`: the object may be used after its function returns, or is someone else's to release",
        eval: resource::escapes,
    },
    PredicateKind {
        name: "released",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#released? @id \"Body.Close\" …)`: every path from the assignment to `@id` calls or defers one of these, or hands the object over",
        eval: resource::is_released,
    },
    PredicateKind {
        name: "used-after",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#used-after? @id @n)`: the object is read behind the node on some path",
        eval: resource::is_used_after,
    },
    PredicateKind {
        name: "acquires",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#acquires? @call @id)`: the call acquires a resource of the table, and the identifier gets it",
        eval: resource::acquires,
    },
];
