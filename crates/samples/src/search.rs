//! The search: Okapi BM25 over the terms of names, descriptions and further words, in both languages at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use crate::catalogue::questions;
use crate::question::Question;
use crate::words::terms;

/// How much more a further occurrence of a term says.
const SATURATION: f64 = 1.2;

/// How much the length of a text counts.
const LENGTH: f64 = 0.4;

/// A question that a phrase may mean.
#[derive(Debug, Clone, Copy)]
pub struct Match {
    /// The question.
    pub question: &'static Question,
    /// From 0 (not at all) to 1 (it says nothing else), by how much of the phrase it answers.
    pub relevance: f64,
}

/// The questions that a phrase may mean, the best first; of equals the one that the catalogue has first.
pub fn search(phrase: &str) -> Vec<Match> {
    static INDEX: OnceLock<Index> = OnceLock::new();
    let index = INDEX.get_or_init(Index::make);
    let asked: BTreeSet<String> = terms(phrase).into_iter().collect();
    let best: f64 = asked.iter().map(|term| index.weight(term) * (SATURATION + 1.0)).sum();
    let score = |document: &Document| asked.iter().map(|term| index.score(document, term)).sum::<f64>();
    let relevance = |document: &Document| (score(document) / best).clamp(0.0, 1.0);
    let all = index.documents.iter().map(|document| (document, relevance(document)));
    let found = all.filter(|(_, relevance)| *relevance > 0.0);
    let mut found: Vec<Match> =
        found.map(|(document, relevance)| Match { question: document.question, relevance }).collect();
    // The sort is stable.
    found.sort_by(|a, b| b.relevance.total_cmp(&a.relevance));
    found
}

struct Index {
    documents: Vec<Document>,
    /// How many documents have a term.
    spread: BTreeMap<String, f64>,
    mean_length: f64,
}

struct Document {
    question: &'static Question,
    terms: BTreeMap<String, f64>,
    length: f64,
}

impl Document {
    fn make(question: &'static Question) -> Self {
        let mut counted = BTreeMap::new();
        let texts = [(question.name, 3.0), (question.words, 2.0), (question.about, 1.0)];
        let korean = [(question.name_ko, 3.0), (question.words_ko, 2.0), (question.about_ko, 1.0)];
        for (text, weight) in texts.into_iter().chain(korean) {
            for term in terms(text) {
                *counted.entry(term).or_insert(0.0) += weight;
            }
        }
        let length = counted.values().sum();
        Self { question, terms: counted, length }
    }
}

impl Index {
    fn make() -> Self {
        let documents: Vec<Document> = questions().iter().map(Document::make).collect();
        let mut spread = BTreeMap::new();
        for term in documents.iter().flat_map(|document| document.terms.keys()) {
            *spread.entry(term.clone()).or_insert(0.0) += 1.0;
        }
        let mean_length = documents.iter().map(|document| document.length).sum::<f64>() / documents.len() as f64;
        Self { documents, spread, mean_length }
    }

    /// How much a term tells; most if nobody has it.
    fn weight(&self, term: &str) -> f64 {
        let (all, having) = (self.documents.len() as f64, self.spread.get(term).copied().unwrap_or(0.0));
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }

    fn score(&self, document: &Document, term: &str) -> f64 {
        let Some(count) = document.terms.get(term) else { return 0.0 };
        let length = 1.0 - LENGTH + LENGTH * document.length / self.mean_length;
        self.weight(term) * count * (SATURATION + 1.0) / (count + SATURATION * length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn best(phrase: &str) -> Vec<&'static str> {
        search(phrase).iter().take(3).map(|found| found.question.id).collect()
    }

    /// The first of the ids must be the best match, the others among the best three, in any order.
    fn check(cases: &[(&str, &str)]) {
        let mut wrong = Vec::new();
        for (phrase, ids) in cases {
            let found = best(phrase);
            let mut ids = ids.split(' ');
            let first = ids.next();
            if found.first().copied() != first || !ids.all(|id| found.contains(&id)) {
                wrong.push(format!("{phrase}: {found:?}"));
            }
        }
        assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    }

    #[test]
    fn english_phrases_find_what_they_mean() {
        check(&[
            ("failed console logins", "failed-logins-by-address failed-logins-mfa-trend"),
            ("who deleted my s3 object", "s3-deletions"),
            ("console logins without mfa", "logins-without-mfa"),
            ("root user activity", "root-activity root-logins"),
            ("security group open to 0.0.0.0/0", "public-ingress"),
            ("top errors", "top-errors"),
            ("access denied", "top-denied"),
            ("who was denied access", "denied-users"),
            ("which user stopped the instance", "instance-stoppers"),
            ("terminated instances", "instance-stoppers"),
            ("leaked access key", "access-key-activity"),
            ("new access keys", "access-keys-created new-user-with-key"),
            ("cloudtrail was turned off", "cloudtrail-disabled"),
            ("guardduty disabled", "security-services-disabled"),
            ("who read secrets", "secrets-read"),
            ("kms key scheduled for deletion", "kms-keys-at-risk"),
            ("bucket made public", "s3-access-changes"),
            ("cross account access", "cross-account-access"),
            ("old tls versions", "tls-versions outdated-tls-users"),
            ("throttled dynamodb tables", "dynamodb-throttled-tables"),
            ("lambda errors", "lambda-errors"),
            ("snapshots shared with other accounts", "shared-snapshots"),
            ("unencrypted ebs volumes", "unencrypted-volumes"),
            ("resources created by hand outside cloudformation", "outside-cloudformation"),
            ("Investigate user actions", "recent-user-activity"),
            ("Investigate who made console changes", "console-changes"),
            ("reduce cost of logging", "noisiest-apis"),
            ("IAM policy changes", "iam-policy-changes"),
            ("admin privileges granted", "admin-policy-attached"),
            ("github audit log", "partner-actions"),
            ("what did alice do yesterday", "recent-user-activity"),
            ("cost by service", "noisiest-apis"),
            ("permissions problems", "top-denied"),
            ("brute force", "failed-logins-mfa-trend failed-logins-by-address"),
            ("data exfiltration", "s3-bytes-out shared-snapshots"),
            ("people without multi factor", "logins-without-mfa"),
            ("which ip addresses tried to guess passwords", "failed-logins-by-address"),
        ]);
    }

    #[test]
    fn korean_phrases_find_what_they_mean() {
        check(&[
            ("콘솔 로그인 실패", "failed-logins-mfa-trend failed-logins-by-address"),
            ("누가 S3 객체를 지웠는지", "s3-deletions"),
            ("MFA 없이 로그인한 사용자", "logins-without-mfa"),
            ("루트 사용자 활동", "root-activity"),
            ("전 세계에 열린 보안 그룹", "public-ingress"),
            ("가장 흔한 오류", "top-errors"),
            ("액세스가 거부된 사용자", "denied-users"),
            ("인스턴스를 종료한 사람", "instance-stoppers"),
            ("액세스 키 유출", "access-key-activity"),
            ("추적을 끄려는 시도", "cloudtrail-disabled"),
            ("비밀을 읽은 사람", "secrets-read"),
            ("KMS 키 삭제 예약", "kms-keys-at-risk"),
            ("버킷 정책 변경", "s3-access-changes"),
            ("교차 계정 접근", "cross-account-access"),
            ("스로틀링된 다이나모 테이블", "dynamodb-throttled-tables"),
            ("암호화되지 않은 볼륨", "unencrypted-volumes"),
            ("업무 시간 외 변경", "off-hours-changes"),
            ("관리자 권한을 받은 사람", "admin-policy-attached"),
            ("람다 함수 코드 변경", "lambda-code-changes"),
            ("태그 없는 리소스", "resources-without-owner"),
            ("새로 만든 IAM 사용자", "iam-user-changes"),
            ("권한 없는 접근 시도", "top-denied"),
            ("S3 다운로드 많이 한 사람", "s3-bytes-out"),
            ("외부 계정에서 접속", "cross-account-access"),
            ("비정상 API 호출", "insights-call-rate"),
        ]);
    }

    #[test]
    fn relevance_tells_how_much_fits() {
        let exact = search("Find failed console logins by IP address");
        assert!(exact[0].relevance > 0.7 && exact[0].relevance <= 1.0, "{}", exact[0].relevance);
        assert!(exact.windows(2).all(|pair| pair[0].relevance >= pair[1].relevance));
        assert!(search("xyzzy plugh").is_empty() && search("the of").is_empty());
        assert!(search("login xyzzy plugh quux")[0].relevance < 0.5);
    }
}
