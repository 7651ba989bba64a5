//! Predicates about resources: whether they escape, what is called on them.

use super::{Answer, Call, Verdict};
use crate::matcher::{escape::escape, method_calls::method_calls, object::declared, resources};

pub(super) fn escapes(call: &Call<'_, '_>) -> Verdict {
    let judged = |ident| escape(call.facts, resources::shipped(), ident);
    call.each(
        |ident| judged(ident).answer,
        |answer, ident| {
            let reason = call
                .nodes(0)
                .first()
                .map(|n| judged(*n).reason)
                .unwrap_or_default();
            match answer {
                Answer::Yes => format!("{ident} escapes: {reason}"),
                Answer::No => format!("{ident} does not escape"),
                Answer::Unknown => format!("whether {ident} escapes cannot be known: {reason}"),
            }
        },
    )
}

pub(super) fn calls(call: &Call<'_, '_>) -> Verdict {
    let paths = call.texts(1);
    let first = |ident| {
        let id = declared(call.facts, ident)?;
        let found = method_calls(call.facts, id);
        Some(found.into_iter().find(|c| paths.contains(&c.path.as_str())))
    };
    call.each(
        |ident| first(ident).map(|c| c.is_some()).into(),
        |answer, ident| match answer {
            Answer::Yes => {
                let found = call.nodes(0).first().and_then(|n| first(*n)).flatten();
                let line = found.map_or(0, |c| c.node.start_position().row + 1);
                format!(
                    "`{}` of {ident} is called or handed over at line {line}",
                    paths.join("` or `")
                )
            }
            Answer::No => format!("`{}` of {ident} is nowhere called", paths.join("` or `")),
            Answer::Unknown => format!("{ident} is not declared in this file"),
        },
    )
}
