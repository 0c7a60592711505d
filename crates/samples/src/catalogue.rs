//! The catalogue: its files, and how they are read.

use std::sync::OnceLock;

use crate::question::Question;

/// In the order in which questions are listed.
const FILES: [&str; 9] = [
    include_str!("../catalogue/activity.sql"),
    include_str!("../catalogue/errors.sql"),
    include_str!("../catalogue/security.sql"),
    include_str!("../catalogue/iam.sql"),
    include_str!("../catalogue/compute.sql"),
    include_str!("../catalogue/resources.sql"),
    include_str!("../catalogue/data.sql"),
    include_str!("../catalogue/organization.sql"),
    include_str!("../catalogue/enriched.sql"),
];

/// Questions about stores of other kinds come last.
const OTHERS: &str = include_str!("../catalogue/others.sql");

/// All questions.
pub fn questions() -> &'static [Question] {
    static ALL: OnceLock<Vec<Question>> = OnceLock::new();
    ALL.get_or_init(|| FILES.into_iter().chain([OTHERS]).flat_map(read).collect())
}

/// The question of this id.
pub fn question(id: &str) -> Option<&'static Question> {
    questions().iter().find(|question| question.id == id)
}

/// A file is a heading and questions; each begins with the line of its id.
fn read(file: &'static str) -> impl Iterator<Item = Question> {
    file.split("\n-- id: ").skip(1).map(Question::read)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_question_is_whole() {
        let mut seen = BTreeSet::new();
        for question in questions() {
            let id = question.id;
            assert!(seen.insert(id) && seen.insert(question.name) && seen.insert(question.name_ko), "twice: {id}");
            for text in [question.name, question.about, question.words, question.name_ko, question.about_ko] {
                assert!(!text.is_empty(), "{id}");
            }
            assert!(question.name.is_ascii() && question.about.is_ascii() && !question.about_ko.is_ascii(), "{id}");
            let sql = question.sample();
            assert!(sql.starts_with("SELECT ") && !sql.contains('?') && !sql.ends_with(';'), "{id}: {sql}");
            let is_filled =
                sql.replace("$EDS_ID", "").split('$').skip(1).all(|rest| !rest.starts_with(char::is_alphabetic));
            assert!(sql.len() <= 10_000 && is_filled, "{id}: {sql}");
        }
        assert!(questions().len() >= 80, "{}", questions().len());
    }
}
