//! `gomend pr` against forges on loopback: what it pushes, what it asks for, and what it leaves alone.
#![cfg(unix)]

#[path = "pr/bad.rs"]
mod bad;
mod forge_support;
#[path = "pr/life.rs"]
mod life;
mod pr_support;
mod support;
#[path = "pr/ways.rs"]
mod ways;
