//! From the model's names to Rust's.

/// `S3BucketName` → `s3_bucket_name`, `TrailARN` → `trail_arn`.
pub(crate) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, letter) in letters.iter().enumerate() {
        if letter.is_uppercase() && index > 0 {
            let previous = letters[index - 1];
            let before_lower = letters.get(index + 1).is_some_and(|next| next.is_lowercase());
            if !previous.is_uppercase() || before_lower {
                snake.push('_');
            }
        }
        snake.extend(letter.to_lowercase());
    }
    snake
}

/// A struct field: snake case, with Rust's keywords made raw.
pub(crate) fn field(name: &str) -> String {
    match snake(name).as_str() {
        "type" => "r#type".to_owned(),
        other => other.to_owned(),
    }
}

/// A static: `TagsList` → `TAGS_LIST`.
pub(crate) fn constant(name: &str) -> String {
    snake(name).to_uppercase()
}

/// An enum variant: `EVENT_DATA_STORE` → `EventDataStore`, `insight` → `Insight`, `ReadOnly` stays.
pub(crate) fn variant(value: &str) -> String {
    if value.chars().any(char::is_lowercase) {
        return capital(value);
    }
    value.split('_').map(|word| capital(&word.to_lowercase())).collect()
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_become_fields() {
        let fields =
            ["S3BucketName", "TrailARN", "SQL", "eventID", "DeliveryS3Uri", "KmsKeyId", "Type", "trailNameList"]
                .map(field);
        assert_eq!(
            fields,
            [
                "s3_bucket_name",
                "trail_arn",
                "sql",
                "event_id",
                "delivery_s3_uri",
                "kms_key_id",
                "r#type",
                "trail_name_list"
            ]
        );
    }

    #[test]
    fn values_become_variants() {
        assert_eq!(
            ["EVENT_DATA_STORE", "insight", "ReadOnly", "QUEUED"].map(variant),
            ["EventDataStore", "Insight", "ReadOnly", "Queued"]
        );
    }
}
