//! The table of predicates: name, arguments, help, function. One entry each.

use super::{
    Parameter::{Capture, CaptureOrText, GoRequirement, NodeKind, Regex, Text},
    PredicateKind, Signature, balance, channel, control, deferred, file, mentioned, object,
    package, path, paths, place, resource, text, typed, types, uses,
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
        name: "first",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#first? @n)`: of its neighbours of the same kind, none stands before the node",
        eval: place::first,
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
        name: "around-match",
        signature: Signature {
            required: &[Capture, NodeKind, Regex],
            rest: None,
        },
        help: "`(#around-match? @n \"function_declaration\" \"re\")`: the regular expression finds something in the nearest node of that kind around the node; `source_file` is the file",
        eval: place::around_match,
    },
    PredicateKind {
        name: "jumps-out",
        signature: Signature {
            required: &[Capture],
            rest: Some(NodeKind),
        },
        help: "`(#jumps-out? @n \"kind\" …)`: holds a return, goto, break or continue that leaves the node; those of the kinds do not count without a label",
        eval: control::jumps_out,
    },
    PredicateKind {
        name: "jumps-to",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#jumps-to? @jump @n)`: the goto, break or continue goes to this labelled statement, loop, switch or select",
        eval: control::jumps_to,
    },
    PredicateKind {
        name: "runs-again",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#runs-again? @n)`: control can come from behind the node to it again, in the same call of its function",
        eval: paths::runs_again,
    },
    PredicateKind {
        name: "reaches-end",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#reaches-end? @n)`: from behind the node the function can come to an end that runs deferred calls: a return, its closing brace, a panic",
        eval: paths::reaches_end,
    },
    PredicateKind {
        name: "reaches-exit",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#reaches-exit? @n)`: from behind the node the function can come to `os.Exit` or `log.Fatal*`",
        eval: paths::reaches_exit,
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
        help: "`(#err-check? @if @err)`: the statement is `if err != nil { … }` over that identifier and its body terminates, or testify's `require.NoError(t, err)`",
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
        name: "package-name",
        signature: Signature {
            required: &[Text],
            rest: Some(Text),
        },
        help: "`(#package-name? \"ioutil_test\" …)`: the file's package is one of these",
        eval: file::package_name,
    },
    PredicateKind {
        name: "build-constrained",
        signature: Signature {
            required: &[],
            rest: None,
        },
        help: "`(#build-constrained?)`: the file is built only for some systems or with some tags, by its name or a `//go:build` line",
        eval: file::build_constrained,
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
        name: "program-imports",
        signature: Signature {
            required: &[Text],
            rest: Some(Text),
        },
        help: "`(#program-imports? \"path\" …)`: some file of the package imports one of these, or of a package of the file set that it imports, and so on",
        eval: file::program_imports,
    },
    PredicateKind {
        name: "of-package",
        signature: Signature {
            required: &[Text],
            rest: None,
        },
        help: "`(#of-package? \"path\")`: the file is of the package with this import path, or a test of it",
        eval: file::of_package_at,
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
        name: "exits-on-error",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#exits-on-error? @n)`: the node ends the program, and only by `if err != nil { log.Fatal(err) }` and the like",
        eval: deferred::exits_on_error,
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
        name: "same-at",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#same-at? @id @n)`: the identifier means the same object where the node stands",
        eval: object::same_at,
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
        name: "declared-here",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#declared-here? @id)`: the object is declared in the function in which the identifier stands, not in one around it",
        eval: object::declared_here,
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
            rest: Some(NodeKind),
        },
        help: "`(#captured? @id \"kind\" …)`: a function literal inside the variable's function uses it; with kinds, one that such a statement calls or hands over",
        eval: object::captured,
    },
    PredicateKind {
        name: "assigned-in",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#assigned-in? @id @n)`: the variable is assigned in the node, besides its declaration",
        eval: uses::assigned_in,
    },
    PredicateKind {
        name: "mentions",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#mentions? @n @id)`: the node uses the object, function literals entered",
        eval: uses::mentions,
    },
    PredicateKind {
        name: "mentioned-after",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#mentioned-after? @id @n)`: the object is used in the text behind the node, or by a loop around it",
        eval: uses::mentioned_after,
    },
    PredicateKind {
        name: "only-argument",
        signature: Signature {
            required: &[Capture, Capture, Text],
            rest: Some(Text),
        },
        help: "`(#only-argument? @id @n \"len\" …)`: the node uses the object, and only as the argument of these predeclared functions",
        eval: uses::only_argument,
    },
    PredicateKind {
        name: "unchanging",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#unchanging? @n @part)`: but for the part, the node is made of constants and of variables that are never assigned again",
        eval: uses::unchanging,
    },
    PredicateKind {
        name: "replaced",
        signature: Signature {
            required: &[Capture, Capture, Text],
            rest: Some(Text),
        },
        help: "`(#replaced? @id @n \"Stop\" …)`: behind the node the variable gets new values, each directly after a call of such a method; nothing else calls it",
        eval: uses::replaced,
    },
    PredicateKind {
        name: "only-used-in",
        signature: Signature {
            required: &[Capture, Capture],
            rest: Some(Capture),
        },
        help: "`(#only-used-in? @id @n …)`: every use of the object, the declaration apart, lies in one of these nodes",
        eval: object::only_used_in,
    },
    PredicateKind {
        name: "mentions-before",
        signature: Signature {
            required: &[Capture, Capture, Capture],
            rest: None,
        },
        help: "`(#mentions-before? @n @m @id)`: the part of `@n` that stands before `@m` uses the object, function literals entered",
        eval: mentioned::mentions_before,
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
        name: "same-type",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#same-type? @a @b)`: the types of both expressions are known and are the same",
        eval: types::same_type,
    },
    PredicateKind {
        name: "kind",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#kind? @x \"slice\" \"array\" …)`: what the type of the expression stands for is known and of one of these kinds, as package reflect calls them",
        eval: types::is_kind,
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
        name: "escapes-besides",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#escapes-besides? @id @n)`: the object escapes by something that is done outside the node",
        eval: resource::escapes_besides,
    },
    PredicateKind {
        name: "leaves",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#leaves? @id @n)`: the object may be used after control leaves the node, or is someone else's to release",
        eval: resource::leaves,
    },
    PredicateKind {
        name: "defers-releases",
        signature: Signature {
            required: &[Capture, Text],
            rest: Some(Text),
        },
        help: "`(#defers-releases? @n \"Close\" …)`: calls are deferred in the node, and each releases, so, what it acquires and what does not leave it",
        eval: deferred::defers_releases,
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
        name: "elsewhere",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#elsewhere? @call)`: what the call calls is not written in this file",
        eval: resource::elsewhere,
    },
    PredicateKind {
        name: "acquires",
        signature: Signature {
            required: &[Capture, Capture],
            rest: Some(Text),
        },
        help: "`(#acquires? @call @id \"os.File\" \"net.Dial\" …)`: the call acquires a resource of the table, and the identifier gets it; of one of these types or by one of these functions, where some are named",
        eval: resource::acquires,
    },
    PredicateKind {
        name: "only-send",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#only-send? @ch)`: the local channel is sent on in one place, at most once, by a goroutine of its own",
        eval: channel::only_send,
    },
    PredicateKind {
        name: "never-closed",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#never-closed? @ch)`: nothing closes the local channel",
        eval: channel::never_closed,
    },
    PredicateKind {
        name: "single-sender",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#single-sender? @ch)`: one goroutine, the function itself or one that it starts once, sends all that is sent on the local channel",
        eval: channel::single_sender,
    },
    PredicateKind {
        name: "sends-once",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#sends-once? @ch)`: at most one value is sent on the local channel",
        eval: channel::sends_once,
    },
    PredicateKind {
        name: "sends-once-in",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#sends-once-in? @ch @for)`: all senders start in the body of the loop, and a round of it sends at most once",
        eval: channel::sends_once_in,
    },
    PredicateKind {
        name: "sends-in",
        signature: Signature {
            required: &[Capture, Capture],
            rest: None,
        },
        help: "`(#sends-in? @ch @node)`: all sends on the local channel run in the node, or are called there",
        eval: channel::sends_in,
    },
    PredicateKind {
        name: "sole-receive",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#sole-receive? @ch)`: one place receives from the local channel",
        eval: channel::sole_receive,
    },
    PredicateKind {
        name: "received",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#received? @ch)`: every path on which the function has started to send on the local channel comes to a receive",
        eval: channel::received,
    },
    PredicateKind {
        name: "abandoned",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#abandoned? @ch)`: the function receives from the local channel only once, or may leave the loop that does while others send",
        eval: channel::abandoned,
    },
    PredicateKind {
        name: "rendezvous",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#rendezvous? @ch)`: something may notice when sends on the local channel do not wait: what follows them, a `select`, `len` or `cap`",
        eval: channel::rendezvous,
    },
    PredicateKind {
        name: "left-early",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#left-early? @for)`: a jump, or a call that never returns, leaves the loop",
        eval: channel::left_early,
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
    PredicateKind {
        name: "function-returns",
        signature: Signature {
            required: &[Capture],
            rest: None,
        },
        help: "`(#function-returns? @function)`: control can come to a return or the end of the function",
        eval: channel::returns,
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
        name: "non-empty",
        signature: Signature {
            required: &[Text],
            rest: None,
        },
        help: "`(#non-empty? \"@{param.x}\")`: the text, most often a parameter, is not empty",
        eval: package::non_empty,
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
];
