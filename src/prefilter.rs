//! Literals that a match needs: which files, and which declarations of them, can match at all.
