//! Texts as terms to be searched by: English words without their endings, pairs of Korean syllables.

/// English words that say nothing about what is sought.
const EMPTY: [&str; 49] = [
    "a", "about", "all", "an", "and", "any", "are", "as", "at", "aws", "be", "been", "by", "event", "find", "for",
    "from", "get", "give", "has", "have", "how", "i", "in", "is", "it", "list", "made", "make", "me", "my", "of", "on",
    "or", "our", "query", "see", "show", "that", "the", "their", "them", "there", "to", "was", "were", "what", "which",
    "with",
];

/// Words that mean another, after their endings are off.
const SAME: [(&str, &str); 33] = [
    ("did", "action"),
    ("do", "action"),
    ("doe", "action"),
    ("yesterday", "recent"),
    ("today", "recent"),
    ("another", "cros"),
    ("signin", "login"),
    ("logon", "login"),
    ("logg", "login"),
    ("log", "logging"),
    ("remov", "delet"),
    ("eras", "delet"),
    ("destroy", "destruct"),
    ("unauthoriz", "deni"),
    ("forbidden", "deni"),
    ("reject", "deni"),
    ("refus", "deni"),
    ("fail", "failur"),
    ("unsuccessful", "failur"),
    ("exploit", "attack"),
    ("vm", "instanc"),
    ("server", "instanc"),
    ("firewall", "group"),
    ("spend", "cost"),
    ("expens", "cost"),
    ("bill", "cost"),
    ("person", "user"),
    ("peopl", "user"),
    ("who", "user"),
    ("ami", "imag"),
    ("turn", "disabl"),
    ("credential", "key"),
    ("new", "creat"),
];

/// The terms of a text, one for each time that it occurs.
pub(crate) fn terms(text: &str) -> Vec<String> {
    let (mut terms, mut run) = (Vec::new(), String::new());
    let mut was_hangul = false;
    for letter in text.chars().flat_map(char::to_lowercase).chain([' ']) {
        let is_hangul = is_hangul(letter);
        if !letter.is_alphanumeric() || is_hangul != was_hangul {
            end(&mut terms, &run, was_hangul);
            run.clear();
        }
        if letter.is_alphanumeric() {
            run.push(letter);
        }
        was_hangul = is_hangul;
    }
    terms
}

/// Is it a whole Korean syllable?
pub(crate) fn is_hangul(letter: char) -> bool {
    ('가'..='힣').contains(&letter)
}

fn end(terms: &mut Vec<String>, run: &str, is_hangul: bool) {
    if run.is_empty() {
        return;
    }
    if is_hangul {
        let syllables: Vec<char> = run.chars().collect();
        if syllables.len() == 1 {
            return;
        }
        // Korean endings and particles stick to words; what two words share are their first syllables' pairs.
        terms.extend(syllables.windows(2).map(|pair| pair.iter().collect::<String>()));
    } else if !EMPTY.contains(&run) {
        let stem = stem(run);
        let same = SAME.iter().find(|(word, _)| *word == stem);
        terms.push(same.map_or(stem, |(_, meant)| (*meant).to_owned()));
    }
}

/// A word without its English endings, roughly.
fn stem(word: &str) -> String {
    let long = |stem: &str| stem.chars().filter(char::is_ascii_alphabetic).count() >= 3;
    let mut word = word.to_owned();
    for (ending, instead) in
        [("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("s", ""), ("ing", ""), ("ed", "")]
    {
        let is_plural = ending == "s" && (word.ends_with("ss") || word.ends_with("us") || word.ends_with("is"));
        if let Some(rest) = word.strip_suffix(ending)
            && long(rest)
            && !is_plural
        {
            word = format!("{rest}{instead}");
            if ending != "s" {
                break;
            }
        }
    }
    for (ending, instead) in [("ation", ""), ("ion", ""), ("er", ""), ("or", ""), ("ive", ""), ("y", "i"), ("e", "")] {
        if let Some(rest) = word.strip_suffix(ending)
            && rest.len() >= 4
        {
            return undoubled(format!("{rest}{instead}"));
        }
    }
    undoubled(word)
}

/// `stopp` of `stopping` is `stop`.
fn undoubled(word: String) -> String {
    let mut last = word.chars().rev();
    match (last.next(), last.next()) {
        (Some(a), Some(b)) if a == b && !"sl".contains(a) && word.len() > 4 => word[..word.len() - 1].to_owned(),
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_their_endings() {
        for group in [
            "delete deleted deletes deleting deletion",
            "policy policies",
            "stop stopped stops stopping",
            "instance instances",
            "terminate terminated terminates",
            "encrypt encrypted encryption",
        ] {
            let mut stems = terms(group);
            stems.dedup();
            assert_eq!(stems.len(), 1, "{group}: {stems:?}");
        }
        assert_eq!(terms("Who did it?"), ["user", "action"]);
        assert_eq!(terms("the S3 of 2024"), ["s3", "2024"]);
    }

    #[test]
    fn korean_is_cut_into_pairs() {
        assert_eq!(terms("콘솔에서 MFA를 껐다"), ["콘솔", "솔에", "에서", "mfa", "껐다"]);
    }
}
