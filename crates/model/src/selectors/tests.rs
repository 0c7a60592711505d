//! Validation in CloudTrail's words, and matching against a slow twin.

use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn strings(value: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    value.as_array().map(|list| list.iter().map(text).collect()).unwrap_or_default()
}

fn optional_text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn optional_list<T>(value: &Value, read: impl Fn(&Value) -> T) -> Option<Vec<T>> {
    value.as_array().map(|list| list.iter().map(read).collect())
}

fn basic_input(value: &Value) -> EventSelectorInput {
    let resource = |value: &Value| DataResourceInput {
        kind: optional_text(&value["Type"]),
        values: value.get("Values").map(strings),
    };
    EventSelectorInput {
        read_write_type: optional_text(&value["ReadWriteType"]),
        include_management_events: value["IncludeManagementEvents"].as_bool(),
        data_resources: optional_list(&value["DataResources"], resource),
        exclude_management_event_sources: value.get("ExcludeManagementEventSources").map(strings),
    }
}

fn advanced_input(value: &Value) -> AdvancedEventSelectorInput {
    let field = |value: &Value| FieldSelectorInput {
        field: value["Field"].as_str().unwrap_or_default().to_owned(),
        equals: strings(&value["Equals"]),
        starts_with: strings(&value["StartsWith"]),
        ends_with: strings(&value["EndsWith"]),
        not_equals: strings(&value["NotEquals"]),
        not_starts_with: strings(&value["NotStartsWith"]),
        not_ends_with: strings(&value["NotEndsWith"]),
    };
    AdvancedEventSelectorInput {
        name: optional_text(&value["Name"]),
        field_selectors: optional_list(&value["FieldSelectors"], field).unwrap_or_default(),
    }
}

/// Reads selectors as a request writes them.
fn input(value: &Value) -> SelectorsInput {
    SelectorsInput {
        basic: optional_list(&value["EventSelectors"], basic_input),
        advanced: optional_list(&value["AdvancedEventSelectors"], advanced_input),
    }
}

fn trail(value: &Value) -> Selectors {
    Selectors::validate(input(value), SelectorSubject::Trail, "aws").expect("valid selectors")
}

/// One advanced selector, its fields given as pairs of `Field:Operator` and values.
fn advanced(fields: &[(&str, &[&str])]) -> Value {
    let field = |(name, values): &(&str, &[&str])| {
        let (field, operator) = name.split_once(':').expect("`Field:Operator`");
        json!({"Field": field, operator: values})
    };
    json!({"FieldSelectors": fields.iter().map(field).collect::<Vec<_>>()})
}

fn check_for(subject: SelectorSubject, value: &Value, expected: Expect) {
    let answer = match Selectors::validate(input(value), subject, "aws") {
        Ok(_) => "fine".to_owned(),
        Err(error) => error.to_string(),
    };
    expected.assert_eq(&answer);
}

fn check(value: Value, expected: Expect) {
    check_for(SelectorSubject::Trail, &value, expected);
}

fn check_advanced(fields: &[(&str, &[&str])], expected: Expect) {
    check(json!({"AdvancedEventSelectors": [advanced(fields)]}), expected);
}

fn check_store(fields: &[(&str, &[&str])], expected: Expect) {
    check_for(SelectorSubject::EventDataStore, &json!({"AdvancedEventSelectors": [advanced(fields)]}), expected);
}

#[test]
fn families_exclude_each_other() {
    let either =
        expect!["You can select events by using either EventSelectors or AdvancedEventSelectors, but not both."];
    check(json!({"EventSelectors": [], "AdvancedEventSelectors": []}), either);
    check(json!({}), expect!["Specify a valid number of selectors (1 to 5) for your trail"]);
    check(json!({"EventSelectors": []}), expect!["Specify a valid number of selectors (1 to 5) for your trail"]);
    check(json!({"EventSelectors": [{}, {}, {}, {}, {}]}), expect!["fine"]);
    check(
        json!({"EventSelectors": [{}, {}, {}, {}, {}, {}]}),
        expect!["Specify a valid number of selectors (1 to 5) for your trail"],
    );
    check(json!({"AdvancedEventSelectors": []}), expect!["Specify between 1 and 500 selectors for your trail."]);
}

#[test]
fn basic_defaults_are_filled_in() {
    assert_eq!(trail(&json!({"EventSelectors": [{}]})), Selectors::default());
    assert!(trail(&json!({"EventSelectors": [{}]})).is_default());
    assert!(!trail(&json!({"EventSelectors": [{"ReadWriteType": "WriteOnly"}]})).is_default());
}

fn check_basic(selector: Value, expected: Expect) {
    check(json!({"EventSelectors": [selector]}), expected);
}

#[test]
fn basic_selectors_are_checked() {
    check_basic(json!({"ReadWriteType": "Sometimes"}), expect!["Value Sometimes for ReadWriteType is invalid."]);
    check_basic(
        json!({"ExcludeManagementEventSources": ["s3.amazonaws.com"]}),
        expect!["Value s3.amazonaws.com for ExcludeManagementEventSources is invalid."],
    );
    check_basic(
        json!({"IncludeManagementEvents": false}),
        expect![
            "Invalid combination of parameters in EventSelectors. When includeManagementEvents is false, DataResources must not be empty"
        ],
    );
    check_basic(
        json!({"DataResources": [{"Type": "AWS::SNS::Topic", "Values": []}]}),
        expect!["Value AWS::SNS::Topic for DataResources.Type is invalid."],
    );
}

#[test]
fn basic_values_have_their_forms() {
    let one = |kind: &str, value: &str| json!({"DataResources": [{"Type": kind, "Values": [value]}]});
    for (kind, value) in [
        ("AWS::S3::Object", "arn:aws:s3"),
        ("AWS::S3::Object", "arn:aws:s3:::"),
        ("AWS::S3::Object", "arn:aws:s3:::bucket/"),
        ("AWS::S3::Object", "arn:aws:s3:::bucket/prefix"),
        ("AWS::Lambda::Function", "arn:aws:lambda"),
        ("AWS::Lambda::Function", "arn:aws:lambda:us-east-1:123456789012:function:f"),
        ("AWS::DynamoDB::Table", "arn:aws:dynamodb"),
        ("AWS::DynamoDB::Table", "arn:aws:dynamodb:us-east-1:123456789012:table/T"),
    ] {
        check_basic(one(kind, value), expect!["fine"]);
    }
    for (kind, value) in [
        ("AWS::S3::Object", "arn:aws:s3:::bucket"),
        ("AWS::S3::Object", "arn:aws:s3:::*"),
        ("AWS::S3::Object", "arn:aws-cn:s3:::bucket/"),
        ("AWS::S3::Object", "arn:aws:lambda"),
        ("AWS::Lambda::Function", "arn:aws:lambda:*"),
        ("AWS::Lambda::Function", "arn:aws:lambda:us-east-1:123456789012:function:f:1"),
        ("AWS::DynamoDB::Table", "T"),
    ] {
        let answer =
            Selectors::validate(input(&json!({"EventSelectors": [one(kind, value)]})), SelectorSubject::Trail, "aws");
        assert_eq!(answer, Err(InvalidEventSelectors(format!("Value {value} for DataResources.Values is invalid."))));
    }
}

#[test]
fn two_hundred_and_fifty_values_and_no_more() {
    let selector = |count: usize| {
        let values: Vec<_> =
            (0..count).map(|n| format!("arn:aws:s3:::bucket{n}/")).chain(["arn:aws:s3".to_owned()]).collect();
        json!({"DataResources": [{"Type": "AWS::S3::Object", "Values": values}]})
    };
    check(json!({"EventSelectors": [selector(125), selector(125)]}), expect!["fine"]);
    check(
        json!({"EventSelectors": [selector(125), selector(126)]}),
        expect!["Specify a valid number of DataResources.Values (0 to 250) for all your selectors"],
    );
}

#[test]
fn advanced_requires_fields_and_a_category() {
    check_advanced(&[], expect!["The following fields are required: [eventCategory]."]);
    check_advanced(&[("readOnly:Equals", &["true"])], expect!["The following fields are required: [eventCategory]."]);
    check_advanced(
        &[("eventCategory:Equals", &["Data"])],
        expect!["The following fields are required: [resources.type]."],
    );
    check_advanced(
        &[("eventCategory:Equals", &["NetworkActivity"])],
        expect!["The following fields are required: [eventSource]."],
    );
    check_advanced(&[("eventCategory:Equals", &["Insight"])], expect!["The eventCategory field value is not valid."]);
    check_advanced(
        &[("eventCategory:Equals", &["Management", "Data"])],
        expect!["The eventCategory field value is not valid."],
    );
    check_advanced(
        &[("eventCategory:StartsWith", &["Man"])],
        expect!["The operator StartsWith is not supported for the field eventCategory."],
    );
    check_advanced(
        &[("eventCategory:Equals", &["Management"]), ("color:Equals", &["red"])],
        expect!["The field color is not valid."],
    );
    check_advanced(
        &[("eventCategory:Equals", &["Management"]), ("eventCategory:Equals", &["Management"])],
        expect!["The field eventCategory is specified more than once in a selector."],
    );
    check_advanced(
        &[("eventCategory:Equals", &["Management"]), ("readOnly:Equals", &[])],
        expect!["Specify at least one operator for the field readOnly."],
    );
}

#[test]
fn management_of_trails_takes_few_fields_that_of_stores_more() {
    let management: (&str, &[&str]) = ("eventCategory:Equals", &["Management"]);
    check_advanced(&[management, ("readOnly:Equals", &["true"])], expect!["fine"]);
    check_advanced(&[management, ("readOnly:Equals", &["yes"])], expect!["The readOnly field value is not valid."]);
    check_advanced(
        &[management, ("readOnly:NotEquals", &["true"])],
        expect!["The operator NotEquals is not supported for the field readOnly."],
    );
    check_advanced(
        &[management, ("eventSource:NotEquals", &["kms.amazonaws.com", "rdsdata.amazonaws.com"])],
        expect!["fine"],
    );
    check_advanced(
        &[management, ("eventSource:NotEquals", &["s3.amazonaws.com"])],
        expect!["The eventSource field value is not valid."],
    );
    check_advanced(
        &[management, ("eventSource:Equals", &["kms.amazonaws.com"])],
        expect!["The operator Equals is not supported for the field eventSource."],
    );
    check_advanced(
        &[management, ("eventName:Equals", &["RunInstances"])],
        expect!["The following fields are not supported for the eventCategory Management: [eventName]."],
    );
    check_store(
        &[management, ("eventName:Equals", &["RunInstances"]), ("eventSource:Equals", &["ec2.amazonaws.com"])],
        expect!["fine"],
    );
    check_store(
        &[management, ("resources.type:Equals", &["AWS::S3::Object"])],
        expect!["The following fields are not supported for the eventCategory Management: [resources.type]."],
    );
}

#[test]
fn data_needs_a_known_type_and_arns_of_it() {
    let data = |more: &[(&'static str, &'static [&'static str])]| {
        let mut fields: Vec<(&str, &[&str])> = vec![("eventCategory:Equals", &["Data"])];
        fields.extend(more);
        json!({"AdvancedEventSelectors": [advanced(&fields)]})
    };
    let s3: (&str, &[&str]) = ("resources.type:Equals", &["AWS::S3::Object"]);
    let lambda: (&str, &[&str]) = ("resources.type:Equals", &["AWS::Lambda::Function"]);
    for name in tables::RESOURCE_TYPES {
        let fields =
            json!([{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": [name]}]);
        check(json!({"AdvancedEventSelectors": [{"FieldSelectors": fields}]}), expect!["fine"]);
    }
    let type_message = expect!["The resources.type field value is not valid."];
    check(data(&[("resources.type:Equals", &["AWS::IAM::Role"])]), type_message);
    check(
        data(&[("resources.type:Equals", &["AWS::S3::Object", "AWS::SNS::Topic"])]),
        expect!["The resources.type field value is not valid."],
    );
    check(
        data(&[("resources.type:StartsWith", &["AWS::S3::Object"])]),
        expect!["The operator StartsWith is not supported for the field resources.type."],
    );
    check(
        data(&[s3, ("resources.ARN:Equals", &["arn:aws:s3:::bucket"])]),
        expect!["The specified ARN arn:aws:s3:::bucket is not valid. Verify that the ARN is properly formatted."],
    );
    check(
        data(&[s3, ("resources.ARN:NotEquals", &["arn:aws:s3:::bucket/key", "key"])]),
        expect!["The specified ARN key is not valid. Verify that the ARN is properly formatted."],
    );
    check(data(&[s3, ("resources.ARN:StartsWith", &["anything"])]), expect!["fine"]);
    check(
        data(&[lambda, ("resources.ARN:Equals", &["arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST"])]),
        expect![
            "The specified ARN arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST is not valid. Verify that the ARN is properly formatted."
        ],
    );
    check(
        data(&[
            s3,
            ("sessionCredentialFromConsole:NotEquals", &["true"]),
            ("userIdentity.arn:NotEndsWith", &["Role"]),
            ("eventType:NotEquals", &["AwsServiceEvent"]),
            ("eventName:Equals", &["PutObject"]),
            ("eventSource:Equals", &["s3.amazonaws.com"]),
            ("readOnly:Equals", &["false"]),
        ]),
        expect!["fine"],
    );
    check(
        data(&[s3, ("sessionCredentialFromConsole:Equals", &["false"])]),
        expect!["The sessionCredentialFromConsole field value is not valid."],
    );
    check(
        data(&[s3, ("errorCode:Equals", &["VpceAccessDenied"]), ("vpcEndpointId:Equals", &["vpce-1"])]),
        expect!["The following fields are not supported for the eventCategory Data: [errorCode, vpcEndpointId]."],
    );
}

#[test]
fn network_activity_is_asked_for_by_source() {
    let network: (&str, &[&str]) = ("eventCategory:Equals", &["NetworkActivity"]);
    let kms: (&str, &[&str]) = ("eventSource:Equals", &["kms.amazonaws.com"]);
    check_advanced(
        &[
            network,
            kms,
            ("errorCode:Equals", &["VpceAccessDenied"]),
            ("vpcEndpointId:NotEquals", &["vpce-1"]),
            ("eventName:StartsWith", &["De"]),
        ],
        expect!["fine"],
    );
    check_advanced(
        &[network, ("eventSource:Equals", &["iam.amazonaws.com"])],
        expect!["The eventSource field value is not valid."],
    );
    check_advanced(
        &[network, ("eventSource:NotEquals", &["kms.amazonaws.com"])],
        expect!["The operator NotEquals is not supported for the field eventSource."],
    );
    check_advanced(
        &[network, kms, ("errorCode:Equals", &["AccessDenied"])],
        expect!["The errorCode field value is not valid."],
    );
    check_advanced(
        &[network, kms, ("readOnly:Equals", &["true"])],
        expect!["The following fields are not supported for the eventCategory NetworkActivity: [readOnly]."],
    );
}

#[test]
fn five_hundred_values_and_no_more() {
    let selector = |count: usize| {
        let values: Vec<_> = (0..count).map(|n| format!("arn:aws:s3:::bucket/{n}")).collect();
        json!({"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "StartsWith": values},
        ]})
    };
    check(json!({"AdvancedEventSelectors": [selector(248), selector(248)]}), expect!["fine"]);
    check(
        json!({"AdvancedEventSelectors": [selector(248), selector(249)]}),
        expect!["Specify between 1 and 500 selectors for your trail."],
    );
}

#[test]
fn stores_hold_other_categories_alone() {
    check_store(&[("eventCategory:Equals", &["ActivityAuditLog"])], expect!["fine"]);
    check_store(
        &[("eventCategory:Equals", &["Insight"]), ("eventName:Equals", &["x"])],
        expect!["The following fields are not supported for the eventCategory Insight: [eventName]."],
    );
    let two = json!({"AdvancedEventSelectors": [
        advanced(&[("eventCategory:Equals", &["Evidence"])]), advanced(&[("eventCategory:Equals", &["Management"])]),
    ]});
    check_for(SelectorSubject::EventDataStore, &two, expect!["A selector of this eventCategory must be the only one."]);
    let six = json!({"AdvancedEventSelectors": vec![advanced(&[("eventCategory:Equals", &["Management"])]); 6]});
    check_for(
        SelectorSubject::EventDataStore,
        &six,
        expect!["Specify between 1 and 5 selectors, with at most 500 values, for your event data store."],
    );
}

#[test]
fn put_echoes_and_get_sorts() {
    let selectors = trail(&json!({"AdvancedEventSelectors": [advanced(&[
        ("resources.type:Equals", &["AWS::S3::Object"]),
        ("resources.ARN:StartsWith", &["arn:aws:s3:::b/"]),
        ("readOnly:Equals", &["true"]),
        ("eventName:Equals", &["GetObject"]),
        ("eventCategory:Equals", &["Data"]),
    ])]}));
    let fields = |selectors: &Selectors| match selectors {
        Selectors::Advanced(list) => list[0].field_selectors.iter().map(|f| f.field.as_str()).collect::<Vec<_>>(),
        Selectors::Basic(_) => Vec::new(),
    };
    assert_eq!(fields(&selectors), ["resources.type", "resources.ARN", "readOnly", "eventName", "eventCategory"]);
    assert_eq!(
        fields(&selectors.sorted()),
        ["eventCategory", "eventName", "readOnly", "resources.ARN", "resources.type"]
    );
    let stored = serde_json::to_string(&selectors).expect("text");
    assert_eq!(serde_json::from_str::<Selectors>(&stored).expect("valid"), selectors);
}

fn wants(selectors: &Selectors, record: &Value) -> bool {
    let text = serde_json::to_vec(record).expect("text");
    selectors.matches(&Routed::parse(&text).expect("record"))
}

fn s3_event(name: &str, arn: &str, read_only: bool) -> Value {
    json!({
        "eventSource": "s3.amazonaws.com", "eventName": name, "readOnly": read_only, "eventCategory": "Data",
        "managementEvent": false, "eventType": "AwsApiCall",
        "resources": [{"type": "AWS::S3::Bucket", "ARN": "arn:aws:s3:::bucket"}, {"type": "AWS::S3::Object", "ARN": arn}],
    })
}

fn management_event(source: &str, read_only: bool) -> Value {
    json!({"eventSource": source, "eventName": "X", "readOnly": read_only, "eventCategory": "Management"})
}

#[test]
fn basic_matching() {
    let s3 = trail(&json!({"EventSelectors": [{
        "ReadWriteType": "WriteOnly", "ExcludeManagementEventSources": ["kms.amazonaws.com"],
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::bucket/logs/"]}],
    }]}));
    assert!(wants(&s3, &management_event("ec2.amazonaws.com", false)));
    assert!(!wants(&s3, &management_event("ec2.amazonaws.com", true)));
    assert!(!wants(&s3, &management_event("kms.amazonaws.com", false)));
    assert!(wants(&s3, &s3_event("PutObject", "arn:aws:s3:::bucket/logs/a", false)));
    assert!(!wants(&s3, &s3_event("GetObject", "arn:aws:s3:::bucket/logs/a", true)));
    assert!(!wants(&s3, &s3_event("PutObject", "arn:aws:s3:::bucket/data/a", false)));

    let all = trail(&json!({"EventSelectors": [{
        "IncludeManagementEvents": false, "ExcludeManagementEventSources": ["kms.amazonaws.com"],
        "DataResources": [
            {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]},
            {"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda:us-east-1:123456789012:function:hello"]},
            {"Type": "AWS::DynamoDB::Table", "Values": ["arn:aws:dynamodb:us-east-1:123456789012:table/T"]},
        ],
    }]}));
    assert!(!wants(&all, &management_event("ec2.amazonaws.com", false)));
    assert!(wants(&all, &s3_event("GetObject", "arn:aws:s3:::any/x", true)));
    let other = |kind: &str, arn: &str| json!({"eventCategory": "Data", "resources": [{"type": kind, "ARN": arn}]});
    let function = "arn:aws:lambda:us-east-1:123456789012:function:hello";
    assert!(wants(&all, &other("AWS::Lambda::Function", function)));
    assert!(!wants(&all, &other("AWS::Lambda::Function", &format!("{function}2"))));
    let table = "arn:aws:dynamodb:us-east-1:123456789012:table/T";
    assert!(wants(&all, &other("AWS::DynamoDB::Table", table)));
    assert!(!wants(&all, &other("AWS::DynamoDB::Table", &format!("{table}2"))));
    assert!(!wants(&all, &other("AWS::SNS::Topic", "arn:aws:s3:::any/x")));
    let listing =
        json!({"eventCategory": "Data", "resources": [{"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::any/"}]});
    assert!(wants(&all, &listing));
}

/// The worked rule of the user guide's page on filtering data events.
#[test]
fn advanced_operators_combine_as_documented() {
    let arn = |key: &str| format!("arn:aws:s3:::bucket/{key}");
    let selectors = trail(&json!({"AdvancedEventSelectors": [{"FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "Equals": ["arn:aws:s3:::lonely/object1"], "StartsWith": [arn("")],
         "EndsWith": ["object3"], "NotStartsWith": [arn("deselect")], "NotEndsWith": ["object5"],
         "NotEquals": [arn("object6")]},
    ]}]}));
    for (arn, expected) in [
        ("arn:aws:s3:::lonely/object1".to_owned(), true),
        (arn("object2"), true),
        ("arn:aws:s3:::otherbucket/object3".to_owned(), true),
        (arn("deselectX"), false),
        (arn("object5"), false),
        (arn("object6"), false),
        ("arn:aws:s3:::otherbucket/object4".to_owned(), false),
    ] {
        assert_eq!(wants(&selectors, &s3_event("GetObject", &arn, true)), expected, "{arn}");
    }
}

#[test]
fn absent_members_are_neither_selected_nor_refused() {
    let selectors = |operator: &str, field: &str, value: &str| {
        trail(&json!({"AdvancedEventSelectors": [{"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": field, operator: [value]},
        ]}]}))
    };
    let plain = s3_event("GetObject", "arn:aws:s3:::bucket/k", true);
    assert!(wants(&selectors("NotEquals", "sessionCredentialFromConsole", "true"), &plain));
    assert!(!wants(&selectors("Equals", "sessionCredentialFromConsole", "true"), &plain));
    assert!(wants(&selectors("NotStartsWith", "userIdentity.arn", "arn"), &plain));
    let mut from_console = plain;
    from_console["sessionCredentialFromConsole"] = json!("true");
    assert!(!wants(&selectors("NotEquals", "sessionCredentialFromConsole", "true"), &from_console));
    assert!(wants(&selectors("Equals", "sessionCredentialFromConsole", "true"), &from_console));
}

#[test]
fn a_refused_resource_vetoes() {
    let selectors = trail(&json!({"AdvancedEventSelectors": [{"FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::secret/"]},
    ]}]}));
    let mut copy = s3_event("CopyObject", "arn:aws:s3:::bucket/k", false);
    assert!(wants(&selectors, &copy));
    let source = json!({"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::secret/k"});
    copy["resources"].as_array_mut().expect("array").push(source);
    assert!(!wants(&selectors, &copy));
}

// The slow twin: evaluates a selector as written in a request on a record as parsed, by the book.

const SELECT: [&str; 3] = ["Equals", "StartsWith", "EndsWith"];
const DESELECT: [&str; 3] = ["NotEquals", "NotStartsWith", "NotEndsWith"];

fn naive_values(record: &Value, field: &str) -> Vec<String> {
    let resources = |names: &[&str]| {
        let resources = record["resources"].as_array().cloned().unwrap_or_default();
        let value = |item: Value| names.iter().find_map(|name| item[*name].as_str().map(str::to_owned));
        resources.into_iter().filter_map(value).collect()
    };
    match field {
        "resources.type" => resources(&["type"]),
        "resources.ARN" => resources(&["ARN", "ARNPrefix"]),
        "userIdentity.arn" => optional_text(&record["userIdentity"]["arn"]).into_iter().collect(),
        "readOnly" => record["readOnly"].as_bool().map(|flag| flag.to_string()).into_iter().collect(),
        other => optional_text(&record[other]).into_iter().collect(),
    }
}

fn naive_test(operator: &str, value: &str, wanted: &str) -> bool {
    match operator.trim_start_matches("Not") {
        "Equals" => value == wanted,
        "StartsWith" => value.starts_with(wanted),
        _ => value.ends_with(wanted),
    }
}

fn naive_field(selector: &Value, record: &Value) -> bool {
    let values = naive_values(record, selector["Field"].as_str().expect("field"));
    let any = |operators: [&str; 3]| {
        operators.into_iter().any(|operator| {
            let wanted = strings(&selector[operator]);
            wanted.iter().any(|wanted| values.iter().any(|value| naive_test(operator, value, wanted)))
        })
    };
    let selects = SELECT.into_iter().any(|operator| !strings(&selector[operator]).is_empty());
    (!selects || any(SELECT)) && !any(DESELECT)
}

fn naive(selectors: &Value, record: &Value) -> bool {
    let all =
        |selector: &Value| selector["FieldSelectors"].as_array().expect("list").iter().all(|f| naive_field(f, record));
    selectors["AdvancedEventSelectors"].as_array().expect("list").iter().any(all)
}

fn arn() -> impl Strategy<Value = String> + Clone {
    "(ab|abc|b)/[ab]{1,2}".prop_map(|path| format!("arn:aws:s3:::bucket{path}"))
}

fn operators(values: impl Strategy<Value = String> + Clone) -> impl Strategy<Value = Value> {
    let list = || proptest::collection::vec(values.clone(), 0..3);
    (list(), list(), list(), list(), list(), list()).prop_map(|(eq, sw, ew, ne, ns, nw)| {
        json!({"Equals": eq, "StartsWith": sw, "EndsWith": ew, "NotEquals": ne, "NotStartsWith": ns, "NotEndsWith": nw})
    })
}

fn with_field(mut operators: Value, field: &str) -> Value {
    operators["Field"] = json!(field);
    operators
}

fn any_selector() -> impl Strategy<Value = Value> {
    let names = "(Get|Put)(Object|Acl)?";
    let read = prop_oneof![Just("true"), Just("false")];
    (operators(arn()), operators(names), proptest::option::of(read)).prop_map(|(arns, names, read)| {
        let mut fields = vec![
            json!({"Field": "eventCategory", "Equals": ["Data"]}),
            json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
        ];
        for (field, operators) in [("resources.ARN", arns), ("eventName", names)] {
            let is_used = SELECT.iter().chain(&DESELECT).any(|name| !strings(&operators[*name]).is_empty());
            if is_used {
                fields.push(with_field(operators, field));
            }
        }
        fields.extend(read.map(|read| json!({"Field": "readOnly", "Equals": [read]})));
        json!({"FieldSelectors": fields})
    })
}

fn any_record() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![Just("AWS::S3::Object"), Just("AWS::S3::Bucket")];
    let key = prop_oneof![Just("ARN"), Just("ARNPrefix")];
    let resource = (kind, key, arn()).prop_map(|(kind, key, arn)| json!({"type": kind, key: arn}));
    let resources = proptest::collection::vec(resource, 0..3);
    let category = prop_oneof![4 => Just("Data"), 1 => Just("Management")];
    (category, resources, "(Get|Put)(Object|Acl)?", any::<bool>()).prop_map(|(category, resources, name, read)| {
        json!({"eventCategory": category, "resources": resources, "eventName": name, "readOnly": read})
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn matching_agrees_with_the_slow_twin(
        selectors in proptest::collection::vec(any_selector(), 1..3),
        record in any_record(),
    ) {
        let selectors = json!({"AdvancedEventSelectors": selectors});
        prop_assert_eq!(wants(&trail(&selectors), &record), naive(&selectors, &record));
    }
}
