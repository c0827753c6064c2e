//! Names that were imported, in words.

use super::lang::Texts;
use super::number::thousands;
use crate::domain::names::{Imported, MAX_CHARS, MOST_PROBLEMS, NameProblem};

impl Texts {
    /// What became of a file of names: first in all, then row by row.
    pub fn imported(&self, imported: &Imported) -> Vec<String> {
        let Imported { column, named, removed, unknown, refused, problems, .. } = imported;
        let mut lines = vec![self.say_with("names.named", &[("count", &thousands(*named)), ("column", column)])];
        let mut count = |key: &str, count: u64| {
            if count > 0 {
                lines.push(self.say_with(key, &[("count", &thousands(count))]));
            }
        };
        count("names.removed", *removed);
        count("names.unknown_users", *unknown);
        count("names.refused", *refused);
        lines.extend(problems.iter().map(|problem| self.name_problem(problem)));
        let more = (unknown + refused).saturating_sub(MOST_PROBLEMS as u64);
        if more > 0 {
            lines.push(self.say_with("names.more", &[("count", &thousands(more))]));
        }
        lines
    }

    fn name_problem(&self, problem: &NameProblem) -> String {
        let args = [("openid", problem.openid.as_str()), ("max", &MAX_CHARS.to_string())];
        let what = self.say_with(&format!("names.{}", problem.kind.key()), &args);
        self.say_with("names.row", &[("row", &problem.row.to_string()), ("what", &what)])
    }
}
