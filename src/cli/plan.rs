//! What will be done: the one conversion of what was typed.
