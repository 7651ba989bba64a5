//! The table of predicates: name, arguments, help, function. One entry each.

use super::{
    Parameter::{Capture, CaptureOrText, GoRequirement, NodeKind, Regex, Text},
    PredicateKind, Signature, balance, control, file, object, package, path, place, resource, text,
    typed, types,
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
        help: "`(#mentions? @n @id)`: some identifier in the node means the same declared object",
        eval: object::mentions,
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
        name: "selects",
        signature: Signature {
            required: &[Capture, Capture, Text],
            rest: Some(Text),
        },
        help: "`(#selects? @n @x \"Done\" …)`: `x.Done` stands in the node, function literals entered, `x` spelled alike",
        eval: typed::selects,
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
        help: "`(#universe? @n \"any\" …)`: nothing in this file shadows these predeclared names where the node stands",
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
    PredicateKind {
        name: "returns",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#returns? @n)`: control can come from behind the node to an end of its function",
        eval: path::returns,
    },
    PredicateKind {
        name: "reaches",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#reaches? @n @m)`: control can come from behind the first node to the second",
        eval: path::reaches,
    },
    PredicateKind {
        name: "followed-by",
        signature: Signature {
            required: &[Capture, Capture, Text],
            rest: Some(Text),
        },
        help: "`(#followed-by? @n @x \"Unlock\" …)`: every path from behind the node selects one of these from an `x` spelled alike; not where only a return in a branch has none before it",
        eval: path::followed_by,
    },
    PredicateKind {
        name: "non-nil",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#non-nil? @id)`: an `if` around the identifier says that it is not nil there",
        eval: path::non_nil,
    },
    PredicateKind {
        name: "unbalanced",
        signature: Signature {
            required: &[Capture, Text, Text],
            rest: Some(Text),
        },
        help: "`(#unbalanced? @id \"Add\" \"Done\" \"Wait\" …)`: the numbers given to the first method and the calls of the second differ; each runs once, and there are no uses but these methods",
        eval: balance::unbalanced,
    },
    PredicateKind {
        name: "only-here",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#only-here? @id)`: the object is at package level, not exported, and no other file of the package mentions its name",
        eval: package::only_here,
    },
    PredicateKind {
        name: "only-called",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#only-called? @id)`: every use of the function in this file is a call",
        eval: package::only_called,
    },
    PredicateKind {
        name: "only-grows",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#only-grows? @id)`: nothing in the package takes anything out of this map at package level",
        eval: package::only_grows,
    },
    PredicateKind {
        name: "mentions-type",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#mentions-type? @n \"*net/http.Request\" …)`: some identifier in the node has one of these types",
        eval: package::mentions_type,
    },
    PredicateKind {
        name: "import-calls",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#import-calls? @id \"Clone\" …)`: all that the file does with this import is call these functions",
        eval: package::import_calls,
    },
    PredicateKind {
        name: "import-takes",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#import-takes? @id \"Context\" …)`: all that the file takes from this import has one of these names",
        eval: package::import_takes,
    },
    PredicateKind {
        name: "same-name",
        signature: Signature {
            required: &[Text, Text],
            rest: None,
        },
        help: "`(#same-name? \"a/x\" \"b/x\")`: the two import paths suggest the same package name",
        eval: package::same_name,
    },
    PredicateKind {
        name: "set",
        signature: Signature {
            required: &[Text],
            rest: None,
        },
        help: "`(#set? \"@{param.x}\")`: the parameter is not empty",
        eval: package::set,
    },
    PredicateKind {
        name: "free",
        signature: Signature {
            required: &[Text],
            rest: Some(Text),
        },
        help: "`(#free? \"name\" …)`: the file neither declares nor imports anything by these names",
        eval: package::free,
    },
    PredicateKind {
        name: "callee",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#callee? @call \"path.Func\" \"path.Type.Method\" …)`: the call is one of these",
        eval: package::is_callee,
    },
    PredicateKind {
        name: "nth",
        signature: Signature {
            required: &[Capture, Text],
            rest: None,
        },
        help: "`(#nth? @n \"0\")`: the node is the element of its list with this index",
        eval: package::nth,
    },
    PredicateKind {
        name: "length",
        signature: Signature {
            required: &[Capture, Text],
            rest: None,
        },
        help: "`(#length? @list \"2\")`: the list has this many elements",
        eval: package::length,
    },
    PredicateKind {
        name: "visible",
        signature: Signature {
            required: &[Capture, Text],
            rest: None,
        },
        help: "`(#visible? @n \"ctx\")`: the name that this piece of Go begins with means something where the node stands",
        eval: package::visible,
    },
];
