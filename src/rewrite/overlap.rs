//! Which of the matches of a pass are applied in it. Where two claim the same code, this is the order:
//!
//! 1. a `safe` match goes before an `unsafe` one;
//! 2. then the one that begins first, of those that begin together the longer: the outer before the inner;
//! 3. then the one of the codemod whose id sorts first, and of one codemod that of the earlier rule.
//!
//! Two matches do not claim the same code where one lies wholly inside a capture of the other that its edits leave alone. Those
//! that lose are tried again in the next pass.

use super::render::Group;
use crate::finding::Applicability;

/// For each group, in the given order (outer before inner, then by id and rule): `None` where it is applied, or the index of
/// the group that won over it. `classes` says what each group's edits claim.
pub fn settle(groups: &[Group], classes: &[Applicability]) -> Vec<Option<usize>> {
    let mut verdicts: Vec<Option<usize>> = vec![None; groups.len()];
    // Those that have won, in the given order.
    let mut won: Vec<usize> = Vec::new();
    for class in [
        Applicability::Safe,
        Applicability::Unsafe,
        Applicability::Display,
    ] {
        let mut active: Vec<usize> = Vec::new();
        let mut winners = Vec::new();
        for (index, group) in groups.iter().enumerate() {
            if classes[index] != class {
                continue;
            }
            // Groups arrive sorted by the start of their extent: those that end before this one can be forgotten.
            active.retain(|&other| groups[other].extent.end >= group.extent.start);
            let rival = |&other: &usize| overlap(&groups[other], group);
            let reaches = |other: &usize| groups[*other].extent.start <= group.extent.end;
            let better = won.iter().copied().take_while(reaches).find(rival);
            let winner = better.or_else(|| active.iter().copied().find(rival));
            if winner.is_none() {
                active.push(index);
                winners.push(index);
            }
            verdicts[index] = winner;
        }
        won.extend(winners);
        won.sort_unstable();
    }
    verdicts
}

fn overlap(a: &Group, b: &Group) -> bool {
    let apart = a.extent.end < b.extent.start || b.extent.end < a.extent.start;
    let touching_only = a.extent.end == b.extent.start || b.extent.end == a.extent.start;
    if apart || (touching_only && !edits_touch(a, b)) {
        return false;
    }
    !(lies_in_kept_capture(b, a) || lies_in_kept_capture(a, b))
}

fn edits_touch(a: &Group, b: &Group) -> bool {
    a.edits
        .iter()
        .any(|x| b.edits.iter().any(|y| x.start <= y.end && y.start <= x.end))
}

/// Whether `inner` lies inside a capture of `outer`, in bytes that no edit of `outer` touches.
fn lies_in_kept_capture(inner: &Group, outer: &Group) -> bool {
    let extent = &inner.extent;
    let is_inside = outer
        .captured
        .iter()
        .any(|c| c.start <= extent.start && extent.end <= c.end);
    let is_kept = outer
        .edits
        .iter()
        .all(|e| e.end < extent.start || extent.end < e.start);
    is_inside && is_kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::TextEdit;

    fn group(
        extent: std::ops::Range<usize>,
        edits: &[(usize, usize)],
        captured: &[(usize, usize)],
    ) -> Group {
        Group {
            edits: edits
                .iter()
                .map(|&(start, end)| TextEdit {
                    start,
                    end,
                    text: "x".into(),
                })
                .collect(),
            captured: captured.iter().map(|&(s, e)| s..e).collect(),
            extent,
            ..Group::default()
        }
    }

    /// All of one class.
    fn settle(groups: &[Group]) -> Vec<Option<usize>> {
        super::settle(groups, &vec![Applicability::Safe; groups.len()])
    }

    #[test]
    fn a_safe_match_goes_before_an_unsafe_one_wherever_it_begins() {
        use Applicability::{Safe, Unsafe};
        let outer = group(0..20, &[(0, 20)], &[]);
        let inner = group(5..8, &[(5, 8)], &[]);
        let apart = group(30..40, &[(30, 40)], &[]);
        let groups = [outer, inner, apart];
        let settle = |classes| super::settle(&groups, classes);
        assert_eq!(settle(&[Unsafe, Safe, Unsafe]), [Some(1), None, None]);
        assert_eq!(settle(&[Safe, Unsafe, Safe]), [None, Some(0), None]);
        assert_eq!(settle(&[Unsafe, Unsafe, Safe]), [None, Some(0), None]);
    }

    #[test]
    fn the_outer_match_wins_unless_it_keeps_the_inner_one() {
        let outer = group(0..20, &[(0, 2), (18, 20)], &[(0, 20), (2, 18)]);
        let kept = group(5..8, &[(5, 8)], &[(5, 8)]);
        let rewritten = group(0..2, &[(0, 1)], &[(0, 2)]);
        assert_eq!(settle(&[outer.clone(), kept]), [None, None]);
        assert_eq!(settle(&[outer.clone(), rewritten]), [None, Some(0)]);
        let at_the_edge = group(2..6, &[(2, 3)], &[(2, 6)]);
        assert_eq!(
            settle(&[outer, at_the_edge]),
            [None, Some(0)],
            "touching edits are ambiguous"
        );
    }

    #[test]
    fn a_match_that_overlaps_only_a_loser_is_applied() {
        let a = group(0..10, &[(0, 10)], &[]);
        let b = group(8..20, &[(8, 20)], &[]);
        let c = group(18..30, &[(18, 30)], &[]);
        assert_eq!(settle(&[a, b, c]), [None, Some(0), None]);
    }

    #[test]
    fn two_insertions_at_one_place_are_not_ordered_by_chance() {
        let a = group(0..5, &[(5, 5)], &[(0, 5)]);
        let b = group(5..9, &[(5, 5)], &[(5, 9)]);
        assert_eq!(settle(&[a, b]), [None, Some(0)]);
    }
}
