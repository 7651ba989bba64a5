//! What is to be done with a branch and its pull request, decided from what there is, without doing any of it.
//!
//! The rules, in the order in which they are asked:
//! - A branch that holds somebody else's work is left alone, and so is its pull request.
//! - What a person closed stays closed as long as the branch is there.
//! - A pull request that a person opened from the branch keeps its title and text, and is never closed.
//! - What is as it should be is not touched: a second run with the same result sends nothing.

/// What a run would deliver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// There is nothing to change.
    Nothing,
    /// No change was found, but not everything was searched.
    Unknown,
    /// Commits that the remote's branch does not have.
    Commits,
    /// Commits that say and do what those of the remote's branch do, on the same base.
    SameCommits,
}

/// The branch as the remote has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Branch {
    /// There is none.
    Absent,
    /// All its commits since the base are ours, as we made them.
    Ours,
    /// Somebody else's work is on it; which, in words.
    Others(String),
}

/// The pull request that counts: the open one for this head and base, else the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pull {
    /// There never was one.
    None,
    /// Open and ours; whether its title, text and labels are what they should be.
    Open {
        /// They are.
        current: bool,
    },
    /// Open, and opened by a person.
    OpenedByPerson,
    /// Closed by us, because there was nothing left to change.
    ClosedByUs,
    /// Closed by a person.
    ClosedByPerson,
    /// Merged.
    Merged,
}

/// All that the decision depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// What is to be delivered.
    pub wanted: Wanted,
    /// What the remote has.
    pub branch: Branch,
    /// What the forge has.
    pub pull: Pull,
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Nothing: there is nothing to change and nothing to close.
    Nothing,
    /// Nothing: the pull request is open and as it should be.
    Keep,
    /// Open a pull request; where `push`, push the branch first. Without, an earlier run was stopped in between.
    Open {
        /// Push first.
        push: bool,
    },
    /// Bring the open pull request up to date.
    Update {
        /// Push first.
        push: bool,
        /// Then set what differs in title, text and labels.
        edit: bool,
    },
    /// Close the pull request, which has nothing left to bring; then delete the branch where it is there.
    Close {
        /// Delete the branch, which is ours entirely.
        delete: bool,
    },
    /// Delete the branch of a pull request that we closed; an earlier run was stopped in between.
    Delete,
    /// Leave everything as it is, and say why.
    Leave(Reason),
}

/// Why everything is left as it is, though there would be something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Somebody else's work is on the branch; which, in words.
    Others(String),
    /// A person closed the pull request.
    ClosedByPerson,
    /// It was merged, and the base that was read did not have it yet.
    JustMerged,
    /// There is nothing left to change, and the open pull request is a person's.
    OpenedByPerson,
    /// There may be nothing left to change; not everything was searched.
    NotSearched,
}

/// Decides.
pub fn decide(situation: &Situation) -> Action {
    match situation.wanted {
        Wanted::Nothing => nothing_to_bring(situation),
        Wanted::Unknown => match situation.pull {
            Pull::Open { .. } => Action::Leave(Reason::NotSearched),
            _ => Action::Nothing,
        },
        Wanted::Commits => match &situation.branch {
            Branch::Others(who) => Action::Leave(Reason::Others(who.clone())),
            Branch::Absent => new_branch(situation.pull),
            Branch::Ours => new_commits(situation.pull),
        },
        Wanted::SameCommits => match &situation.branch {
            Branch::Others(who) => Action::Leave(Reason::Others(who.clone())),
            // No branch has the same commits as one that is not there; be safe and push.
            Branch::Absent => new_branch(situation.pull),
            Branch::Ours => same_commits(situation.pull),
        },
    }
}

fn nothing_to_bring(situation: &Situation) -> Action {
    match (situation.pull, &situation.branch) {
        (Pull::Open { .. }, Branch::Others(who)) => Action::Leave(Reason::Others(who.clone())),
        (Pull::Open { .. }, branch) => Action::Close {
            delete: *branch == Branch::Ours,
        },
        (Pull::OpenedByPerson, _) => Action::Leave(Reason::OpenedByPerson),
        (Pull::ClosedByUs, Branch::Ours) => Action::Delete,
        _ => Action::Nothing,
    }
}

fn new_branch(pull: Pull) -> Action {
    match pull {
        // The branch was deleted under a pull request that the forge left open.
        Pull::Open { current } => Action::Update {
            push: true,
            edit: !current,
        },
        Pull::OpenedByPerson => Action::Update {
            push: true,
            edit: false,
        },
        Pull::None | Pull::ClosedByUs | Pull::ClosedByPerson | Pull::Merged => {
            Action::Open { push: true }
        }
    }
}

fn new_commits(pull: Pull) -> Action {
    match pull {
        Pull::ClosedByPerson => Action::Leave(Reason::ClosedByPerson),
        pull => new_branch(pull),
    }
}

fn same_commits(pull: Pull) -> Action {
    match pull {
        Pull::None | Pull::ClosedByUs => Action::Open { push: false },
        Pull::Open { current: true } | Pull::OpenedByPerson => Action::Keep,
        Pull::Open { current: false } => Action::Update {
            push: false,
            edit: true,
        },
        Pull::ClosedByPerson => Action::Leave(Reason::ClosedByPerson),
        Pull::Merged => Action::Leave(Reason::JustMerged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PULLS: [Pull; 7] = [
        Pull::None,
        Pull::Open { current: true },
        Pull::Open { current: false },
        Pull::OpenedByPerson,
        Pull::ClosedByUs,
        Pull::ClosedByPerson,
        Pull::Merged,
    ];

    fn others() -> Branch {
        Branch::Others("commit 1 by Ann".to_owned())
    }

    /// What is decided, in a short form: `+` pushes, `e` edits, `o` opens, `c` closes, `d` deletes the branch, `-` and `=`
    /// do nothing, and a word says why it is left.
    fn short(wanted: Wanted, branch: &Branch, pull: Pull) -> String {
        let action = decide(&Situation {
            wanted,
            branch: branch.clone(),
            pull,
        });
        let flag = |on: bool, sign: &str| if on { sign.to_owned() } else { String::new() };
        match action {
            Action::Nothing => "-".to_owned(),
            Action::Keep => "=".to_owned(),
            Action::Open { push } => flag(push, "+") + "o",
            Action::Update { push, edit } => flag(push, "+") + &flag(edit, "e"),
            Action::Close { delete } => "c".to_owned() + &flag(delete, "d"),
            Action::Delete => "d".to_owned(),
            Action::Leave(Reason::Others(who)) => {
                assert_eq!(Branch::Others(who), others());
                "others".to_owned()
            }
            Action::Leave(Reason::ClosedByPerson) => "closed".to_owned(),
            Action::Leave(Reason::JustMerged) => "merged".to_owned(),
            Action::Leave(Reason::OpenedByPerson) => "person".to_owned(),
            Action::Leave(Reason::NotSearched) => "unknown".to_owned(),
        }
    }

    /// The whole space: columns are [`PULLS`].
    #[test]
    fn every_situation_has_its_answer() {
        use Wanted::{Commits, Nothing, SameCommits, Unknown};
        #[rustfmt::skip]
        let table: [(Wanted, Branch, [&str; 7]); 12] = [
            //                              none      current   stale     person    by us     by person merged
            (Nothing,     Branch::Absent, ["-",      "c",      "c",      "person", "-",      "-",      "-"]),
            (Nothing,     Branch::Ours,   ["-",      "cd",     "cd",     "person", "d",      "-",      "-"]),
            (Nothing,     others(),       ["-",      "others", "others", "person", "-",      "-",      "-"]),
            (Unknown,     Branch::Absent, ["-",      "unknown", "unknown", "-",    "-",      "-",      "-"]),
            (Unknown,     Branch::Ours,   ["-",      "unknown", "unknown", "-",    "-",      "-",      "-"]),
            (Unknown,     others(),       ["-",      "unknown", "unknown", "-",    "-",      "-",      "-"]),
            (Commits,     Branch::Absent, ["+o",     "+",      "+e",     "+",      "+o",     "+o",     "+o"]),
            (Commits,     Branch::Ours,   ["+o",     "+",      "+e",     "+",      "+o",     "closed", "+o"]),
            (Commits,     others(),       ["others", "others", "others", "others", "others", "others", "others"]),
            (SameCommits, Branch::Absent, ["+o",     "+",      "+e",     "+",      "+o",     "+o",     "+o"]),
            (SameCommits, Branch::Ours,   ["o",      "=",      "e",      "=",      "o",      "closed", "merged"]),
            (SameCommits, others(),       ["others", "others", "others", "others", "others", "others", "others"]),
        ];
        for (wanted, branch, expected) in table {
            let decided = PULLS.map(|pull| short(wanted, &branch, pull));
            assert_eq!(decided, expected, "{wanted:?} {branch:?}");
        }
    }
}
