//! git's configuration, each item with who set it: what names a program counts only where the user or the machine's
//! administrator did, because a repository's own configuration may come from anybody.

use crate::git::Git;

/// The items in force, in git's order: of two with the same key the later one counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settings(Vec<Item>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Item {
    /// Section and name in lower case.
    key: String,
    /// `None` for a key alone, which means yes.
    value: Option<String>,
    /// By `.git/config` or its like.
    by_repository: bool,
}

impl Settings {
    /// What git itself reads, with what the environment sets; `None` where it does not say.
    pub(super) fn of_git(git: &Git) -> Option<Self> {
        let listed = git
            .run(&["config", "--list", "--show-scope", "-z"], b"")
            .ok()?;
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        let mut parts = text.split('\0');
        let mut items = Vec::new();
        while let (Some(scope), Some(item)) = (parts.next(), parts.next()) {
            let (key, value) = match item.split_once('\n') {
                Some((key, value)) => (key, Some(value.to_owned())),
                None => (item, None),
            };
            // What gomend sets itself, to run git safely, is nobody's wish.
            if scope == "command" && matches!(key, "core.fsmonitor" | "core.hookspath") {
                continue;
            }
            items.push(Item {
                key: key.to_owned(),
                value,
                by_repository: !matches!(scope, "system" | "global" | "command"),
            });
        }
        Some(Self(items))
    }

    /// What libgit2 reads, which leaves out what the environment sets.
    pub(super) fn of_libgit2(config: &git2::Config) -> Result<Self, git2::Error> {
        let mut leveled = Vec::new();
        config.entries(None)?.for_each(|entry| {
            let (Ok(key), level) = (entry.name(), entry.level()) else {
                return;
            };
            let value = entry.has_value().then(|| {
                let value = entry.value_bytes();
                String::from_utf8_lossy(value).into_owned()
            });
            let item = Item {
                key: key.to_owned(),
                value,
                by_repository: rank(level) > rank(git2::ConfigLevel::Global),
            };
            leveled.push((rank(level), item));
        })?;
        leveled.sort_by_key(|(rank, _)| *rank);
        Ok(Self(leveled.into_iter().map(|(_, item)| item).collect()))
    }

    fn find(&self, key: &str) -> Option<&Item> {
        self.0.iter().rev().find(|item| item.key == key)
    }

    /// The value of a key, in lower case, as it is in force.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.find(key)?.value.as_deref()
    }

    /// A yes or no, by git's words for them; `None` where it is not set.
    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        let Some(value) = &self.find(key)?.value else {
            return Some(true);
        };
        let value = value.to_ascii_lowercase();
        Some(match value.as_str() {
            "true" | "yes" | "on" => true,
            "" | "false" | "no" | "off" => false,
            number => number.parse::<i64>().is_ok_and(|number| number != 0),
        })
    }

    /// The value that the user or the machine sets, whatever the repository does.
    pub(super) fn trusted(&self, key: &str) -> Option<&str> {
        let mut items = self.0.iter().rev();
        let item = items.find(|item| item.key == key && !item.by_repository)?;
        item.value.as_deref()
    }

    /// Whether the repository's own configuration has this key.
    pub(super) fn is_set_by_repository(&self, key: &str) -> bool {
        let mut items = self.0.iter();
        items.any(|item| item.key == key && item.by_repository)
    }
}

/// Levels are numbered from the machine's to the work tree's.
fn rank(level: git2::ConfigLevel) -> i32 {
    level as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deliver::support::TestRepo;

    #[test]
    fn git_and_libgit2_read_the_same_and_know_whose_it_is() {
        let repo = TestRepo::new();
        for (key, value) in [
            ("gpg.format", "ssh"),
            ("gpg.ssh.program", "/evil"),
            ("commit.gpgSign", "yes"),
        ] {
            repo.git(&["config", key, value]);
        }
        let opened = git2::Repository::open(&repo.root).expect("it opens");
        let config = opened.config().expect("it has one");
        let git = Git::find(&[])
            .expect("git is installed")
            .git_dir(opened.path());
        let read = [
            Settings::of_git(&git).expect("git lists it"),
            Settings::of_libgit2(&config).expect("readable"),
        ];
        for settings in read {
            assert_eq!(settings.get("gpg.format"), Some("ssh"));
            assert_eq!(settings.flag("commit.gpgsign"), Some(true));
            assert_eq!(settings.flag("core.bare"), Some(false));
            assert_eq!(settings.flag("no.such"), None);
            assert_eq!(settings.trusted("gpg.ssh.program"), None);
            assert!(settings.is_set_by_repository("gpg.ssh.program"));
        }
        let with_environment = git
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", "gpg.ssh.program")
            .env("GIT_CONFIG_VALUE_0", "mine");
        let settings = Settings::of_git(&with_environment).expect("git lists it");
        assert_eq!(settings.trusted("gpg.ssh.program"), Some("mine"));
    }
}
