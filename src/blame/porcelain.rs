//! Reads what `git blame --incremental` prints
//! (<https://git-scm.com/docs/git-blame#_incremental_output>): for each range of lines a header and, the first time a
//! commit is named, who made it and when.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{Timestamp, tz::Offset};

use super::{BlamedLines, LastCommit};

/// What a commit's lines have said of it so far.
#[derive(Default)]
struct Draft {
    author: String,
    email: String,
    time: i64,
    zone: String,
    committed: i64,
}

/// The ranges in ascending order. `shallow` holds the commits at which a shallow clone ends.
///
/// # Errors
/// The first line that is not understood.
pub(super) fn read(printed: &[u8], shallow: &BTreeSet<String>) -> Result<BlamedLines, String> {
    let printed = String::from_utf8_lossy(printed);
    let mut drafts: BTreeMap<String, Draft> = BTreeMap::new();
    let mut ranges = Vec::new();
    // The commit that the lines at hand are about: from its header to `filename`.
    let mut at_hand: Option<String> = None;
    for line in printed.lines() {
        let (key, value) = line.split_once(' ').unwrap_or((line, ""));
        let Some(id) = &at_hand else {
            let (first, length) = header(value)
                .ok_or_else(|| format!("`{line}` is no header of a range of lines"))?;
            ranges.push((first..=first + length - 1, key.to_owned()));
            drafts.entry(key.to_owned()).or_default();
            at_hand = Some(key.to_owned());
            continue;
        };
        let draft = drafts.entry(id.clone()).or_default();
        match key {
            "author" => value.clone_into(&mut draft.author),
            "author-mail" => bare(value).clone_into(&mut draft.email),
            "author-time" => draft.time = number(line, value)?,
            "author-tz" => value.clone_into(&mut draft.zone),
            "committer-time" => draft.committed = number(line, value)?,
            "filename" => at_hand = None,
            // Other facts, those of later versions of git included.
            _ => {}
        }
    }
    let commits: BTreeMap<String, Arc<LastCommit>> = drafts
        .into_iter()
        .map(|(id, draft)| {
            let is_boundary = shallow.contains(&id);
            (id.clone(), Arc::new(finish(id, draft, is_boundary)))
        })
        .collect();
    ranges.sort_by_key(|(range, _)| *range.start());
    let ranges = ranges.into_iter();
    Ok(ranges
        .map(|(range, id)| (range, Arc::clone(&commits[&id])))
        .collect())
}

/// The first line and the number of lines, behind the id: `<original line> <line> <number>`.
fn header(rest: &str) -> Option<(usize, usize)> {
    let mut words = rest.split(' ').skip(1);
    let first = words.next()?.parse().ok().filter(|&line| line > 0)?;
    let length = words.next()?.parse().ok().filter(|&length| length > 0)?;
    Some((first, length))
}

fn number(line: &str, value: &str) -> Result<i64, String> {
    value
        .parse()
        .map_err(|_| format!("`{line}` holds no number of seconds"))
}

/// An address without its `<` and `>`.
fn bare(address: &str) -> &str {
    address.trim_start_matches('<').trim_end_matches('>')
}

fn finish(id: String, draft: Draft, is_boundary: bool) -> LastCommit {
    LastCommit {
        author: draft.author,
        email: draft.email,
        id,
        date: date(draft.time, &draft.zone).unwrap_or_default(),
        committed: draft.committed,
        is_boundary,
    }
}

/// RFC 3339. A zone that is none (some old importers wrote such) counts as UTC; `None` for a time outside of the years
/// 0 to 9999.
fn date(seconds: i64, zone: &str) -> Option<String> {
    let time = Timestamp::from_second(seconds).ok()?;
    let offset = offset(zone).unwrap_or(Offset::UTC);
    Some(time.display_with_offset(offset).to_string())
}

/// `+0130` as an offset of less than a day, as RFC 3339 has them.
fn offset(zone: &str) -> Option<Offset> {
    let number: i32 = zone.parse().ok().filter(|n| (-2359..=2359).contains(n))?;
    let (hours, minutes) = (number / 100, number % 100);
    Offset::from_seconds(hours * 3600 + minutes * 60).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
2222222222222222222222222222222222222222 9 7 2
author Ann \u{e9}
author-mail <ann@example.org>
author-time 1700000000
author-tz -0330
committer Bob
committer-mail <bob@example.org>
committer-time 1700000009
committer-tz +0000
summary filename of the day
previous 1111111111111111111111111111111111111111 old name.go
filename \"a\\nb.go\"
1111111111111111111111111111111111111111 1 1 1
author
author-mail <>
author-time -1
author-tz +2500
committer-time 5
boundary
filename x
2222222222222222222222222222222222222222 20 12 1
previous 1111111111111111111111111111111111111111 x
filename x
";

    #[test]
    fn ranges_come_in_order_and_share_their_commits() {
        let shallow = BTreeSet::from(["1".repeat(40)]);
        let lines = read(PRINTED.as_bytes(), &shallow).expect("understood");
        let ranges: Vec<_> = lines.iter().map(|(range, _)| range.clone()).collect();
        assert_eq!(ranges, [1..=1, 7..=8, 12..=12]);
        let (first, second) = (&lines[0].1, &lines[1].1);
        assert_eq!(
            (
                &*second.author,
                &*second.email,
                &*second.date,
                second.committed
            ),
            (
                "Ann é",
                "ann@example.org",
                "2023-11-14T18:43:20-03:30",
                1_700_000_009
            )
        );
        assert!(!second.is_boundary && Arc::ptr_eq(second, &lines[2].1));
        assert_eq!((&*first.author, &*first.email), ("", ""));
        assert_eq!(first.date, "1969-12-31T23:59:59+00:00");
        assert!(first.is_boundary);
    }

    #[test]
    fn what_is_not_understood_is_said() {
        let wrong = |printed: &str| read(printed.as_bytes(), &BTreeSet::new()).expect_err("wrong");
        assert_eq!(
            wrong("fatal error\n"),
            "`fatal error` is no header of a range of lines"
        );
        assert_eq!(
            wrong("2222 1 0 1\n"),
            "`2222 1 0 1` is no header of a range of lines"
        );
        assert_eq!(
            wrong("2222 1 1 1\nauthor-time soon\n"),
            "`author-time soon` holds no number of seconds"
        );
    }
}
