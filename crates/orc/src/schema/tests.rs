use super::*;
use crate::Error;
use arrow_schema::{DataType, Field, Fields, Schema, TimeUnit};
use std::collections::HashMap;
use std::sync::Arc;

fn nested() -> Schema {
    let arn = Field::new("arn", DataType::Utf8, true);
    let resources = DataType::List(Arc::new(Field::new("item", DataType::Struct(Fields::from(vec![arn])), true)));
    let entries =
        Fields::from(vec![Field::new("key", DataType::Utf8, false), Field::new("value", DataType::Int64, true)]);
    let tags = DataType::Map(Arc::new(Field::new("entries", DataType::Struct(entries), false)), false);
    let code = Field::new("code", DataType::Utf8, true)
        .with_metadata(HashMap::from([(TYPE_KEY.to_owned(), "varchar(3)".to_owned())]));
    Schema::new(vec![
        Field::new("time", DataType::Timestamp(TimeUnit::Nanosecond, Some(Arc::from("UTC"))), true),
        Field::new("resources", resources, true),
        Field::new("tags", tags, true),
        code,
        Field::new("price", DataType::Decimal128(10, 2), true),
    ])
}

#[test]
fn trees_are_in_preorder_and_come_back() {
    let types = to_orc(&nested()).unwrap();
    assert_eq!(types[0].subtypes, [1, 2, 5, 8, 9]);
    assert_eq!(types[8].kind(), TypeKind::Varchar);
    assert_eq!(to_arrow(&types, TimeUnit::Nanosecond).unwrap(), nested());
}

#[test]
fn paths_find_their_columns() {
    let types = to_orc(&nested()).unwrap();
    for (path, id) in [("", 0), ("resources.element.arn", 4), ("tags.key", 6), ("tags.value", 7), ("price", 9)] {
        assert_eq!(column_id(&types, &ColumnPath::from(path)), Some(id), "{path}");
        assert_eq!(column_paths(&types)[id as usize], ColumnPath::from(path));
    }
    for path in ["Time", "resources.arn", "price.x", "tags.2"] {
        assert_eq!(column_id(&types, &ColumnPath::from(path)), None, "{path}");
    }
}

#[test]
fn what_has_no_kind_is_refused() {
    let check =
        |data_type: DataType| to_orc(&Schema::new(vec![Field::new("a", data_type, true)])).unwrap_err().to_string();
    assert_eq!(check(DataType::Time32(TimeUnit::Second)), "column `a`: Arrow's type `Time32(s)` is not supported");
    assert!(check(DataType::Decimal128(5, -2)).contains("scale -2"));
    let mut deep = DataType::Int8;
    for _ in 0..=DEPTH_MAX {
        deep = DataType::new_list(deep, true);
    }
    assert!(check(deep).contains("nesting this deep"));
}

#[test]
fn trees_that_are_none_are_corrupt() {
    let good = to_orc(&nested()).unwrap();
    type Harm = fn(&mut Vec<Type>);
    let harms: [Harm; 7] = [
        |types| types[0].subtypes[1] = 0,
        |types| types[2].subtypes.push(3),
        |types| types[3].field_names.clear(),
        |types| types[6].subtypes.push(7),
        |types| types[9].scale = Some(11),
        |types| types[1].kind = Some(77),
        |types| types.truncate(4),
    ];
    for (index, harm) in harms.into_iter().enumerate() {
        let mut types = good.clone();
        harm(&mut types);
        let result = to_arrow(&types, TimeUnit::Nanosecond);
        assert!(matches!(result, Err(Error::Corrupt { .. })), "harm {index}: {result:?}");
    }
    assert!(to_arrow(&[], TimeUnit::Nanosecond).is_err());
}
