//! The words that rules require, and sets of them.

use std::collections::HashMap;

/// Words by number.
#[derive(Debug, Default)]
pub struct Vocabulary {
    numbers: HashMap<Box<[u8]>, usize>,
    /// Whether a word with this length and these first and last bytes may be in it.
    hints: Vec<bool>,
}

/// A set of words of one vocabulary, by number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Set(Vec<u64>);

const HINTS: usize = 1 << 12;

fn hint(word: &[u8]) -> usize {
    let (Some(first), Some(last)) = (word.first(), word.last()) else {
        return 0;
    };
    let middle = word[word.len() / 2];
    (word.len() * 0x9e5
        + usize::from(*first) * 0x61
        + usize::from(*last) * 0x1f3
        + usize::from(middle) * 0x2b)
        % HINTS
}

impl Vocabulary {
    /// The number of a word, which is given one where it has none.
    pub fn add(&mut self, word: &str) -> usize {
        if self.hints.is_empty() {
            self.hints = vec![false; HINTS];
        }
        self.hints[hint(word.as_bytes())] = true;
        let next = self.numbers.len();
        *self.numbers.entry(word.as_bytes().into()).or_insert(next)
    }

    /// The number of a word.
    #[inline]
    pub fn find(&self, word: &[u8]) -> Option<usize> {
        if !self.hints.get(hint(word)).copied().unwrap_or(false) {
            return None;
        }
        self.numbers.get(word).copied()
    }

    /// A set that holds none of its words.
    pub fn empty(&self) -> Set {
        Set(vec![0; self.numbers.len().div_ceil(64)])
    }
}

impl Set {
    /// Adds a word, if there is one.
    #[inline]
    pub fn insert_some(&mut self, number: Option<usize>) {
        if let Some(number) = number
            && let Some(bits) = self.0.get_mut(number / 64)
        {
            *bits |= 1 << (number % 64);
        }
    }

    /// Whether a word is in it.
    pub fn contains(&self, number: usize) -> bool {
        self.0
            .get(number / 64)
            .is_some_and(|bits| bits & (1 << (number % 64)) != 0)
    }

    /// Adds the words of another set.
    pub fn add(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(&other.0) {
            *mine |= theirs;
        }
    }
}
