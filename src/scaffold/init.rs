//! Files that run gomend elsewhere, and what goes with it. What each needs of a repository comes in; texts go out.

mod golangci;

pub use golangci::golangci;

/// A workflow of GitHub Actions, for a repository with this default branch.
pub fn github_actions(default_branch: &str) -> String {
    // JSON's strings are YAML's, and a branch may have any name.
    let branch = serde_json::Value::from(default_branch).to_string();
    include_str!("init/github-actions.yml").replace("@default-branch@", &branch)
}

/// A pipeline of GitLab CI.
pub const GITLAB_CI: &str = include_str!("init/gitlab-ci.yml");

/// A hook of pre-commit.
pub const PRE_COMMIT: &str = include_str!("init/pre-commit.yml");

/// Alerting rules of Prometheus.
pub const PROMETHEUS_RULES: &str = include_str!("init/prometheus-rules.yml");

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use saphyr::{LoadableYamlNode as _, Yaml};

    use super::*;
    use crate::codemod::catalogue;

    fn yaml(text: &str) -> Yaml<'_> {
        let mut documents = Yaml::load_from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        assert_eq!(documents.len(), 1);
        documents.remove(0)
    }

    #[test]
    fn the_workflow_names_the_branch_and_asks_for_no_more_rights_than_it_needs() {
        let text = github_actions("a\"b: #c");
        let workflow = yaml(&text);
        assert_eq!(
            workflow["on"]["push"]["branches"][0].as_str(),
            Some("a\"b: #c")
        );
        assert_eq!(
            workflow["permissions"]
                .as_mapping()
                .map(|rights| rights.iter().count()),
            Some(0)
        );
        let rights = |job: &str| -> Vec<(&str, &str)> {
            let rights = workflow["jobs"][job]["permissions"]
                .as_mapping()
                .expect("a table");
            rights
                .iter()
                .filter_map(|(name, right)| Some((name.as_str()?, right.as_str()?)))
                .collect()
        };
        assert_eq!(
            rights("check"),
            [
                ("actions", "read"),
                ("contents", "read"),
                ("security-events", "write")
            ]
        );
        assert_eq!(
            rights("pull-request"),
            [("contents", "write"), ("pull-requests", "write")]
        );
        // Expressions in scripts are how strangers' branch names become commands.
        for job in ["check", "pull-request"] {
            let steps = workflow["jobs"][job]["steps"]
                .as_sequence()
                .expect("a list");
            for run in steps
                .iter()
                .filter_map(|step| step.as_mapping_get("run")?.as_str())
            {
                assert!(!run.contains("${{"), "{run}");
            }
        }
        let steps = workflow["jobs"]["pull-request"]["steps"].as_sequence();
        let last = steps.and_then(|steps| steps.last()?.as_mapping_get("run")?.as_str());
        assert!(
            last.is_some_and(|run| run.ends_with("\ngomend pr\n")),
            "{last:?}"
        );
    }

    #[test]
    fn the_pipeline_and_the_hook_are_yaml_and_run_gomend() {
        let pipeline = yaml(GITLAB_CI);
        assert_eq!(
            pipeline["gomend-check"]["extends"].as_str(),
            Some(".gomend")
        );
        assert_eq!(
            pipeline["gomend-check"]["artifacts"]["reports"]["codequality"].as_str(),
            Some("gl-code-quality-report.json")
        );
        let script = pipeline["gomend-merge-request"]["script"]
            .as_sequence()
            .expect("a list");
        assert_eq!(script.last().and_then(Yaml::as_str), Some("gomend pr"));
        let hook = &yaml(PRE_COMMIT)["repos"][0]["hooks"][0];
        assert_eq!(
            hook["entry"].as_str(),
            Some("gomend check --staged --changed-lines")
        );
    }

    #[test]
    fn every_alert_says_what_to_do_in_tags_that_there_are() {
        let rules = yaml(PROMETHEUS_RULES);
        let rules = rules["groups"][0]["rules"].as_sequence().expect("a list");
        assert_eq!(rules.len(), 7);
        let tags: BTreeSet<&str> = catalogue::shipped()
            .iter()
            .flat_map(|header| header.tags.iter().map(String::as_str))
            .collect();
        for rule in rules {
            for key in ["alert", "expr", "for"] {
                assert!(
                    rule[key].as_str().is_some_and(|text| !text.is_empty()),
                    "{key}"
                );
            }
            let description = rule["annotations"]["description"].as_str().expect("text");
            for part in description.split("--tag ").skip(1) {
                let tag = part
                    .split(|c: char| !c.is_alphanumeric())
                    .next()
                    .unwrap_or_default();
                assert!(tags.contains(tag), "`{tag}`");
            }
        }
    }
}
