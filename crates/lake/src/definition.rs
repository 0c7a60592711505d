//! The definition of a store's files as a table, for engines that read Hive's (`CREATE EXTERNAL TABLE`), such as Spark.
//!
//! It is a text beside the days' folders. Its name begins with an underscore, as of all that such engines pass over.

use std::io;
use std::path::{Path, PathBuf};

use arrow_schema::{DataType, FieldRef};
use opentrail_catalog::StoreKind;
use opentrail_model::EventDataStore;
use opentrail_stdx::disk::write_durably;

use crate::Error;
use crate::format::{CHECKSUM, POSITION, Table};
use crate::read::Lake;
use crate::store::StoreKey;

/// The file's name.
const FILE: &str = "_create_table.sql";

impl Lake {
    /// Writes the definition of a store's table beside its files. Blocks.
    pub fn define(&self, store: &EventDataStore) -> Result<(), Error> {
        let Some(folder) = self.folder_of(store) else { return Ok(()) };
        let failed = |source| Error::Disk { doing: "define the table of", path: folder.clone(), source };
        let location = std::path::absolute(&folder).map_err(failed)?;
        let text = definition(store, &location);
        self.0.disk.create_dir_all(&folder).map_err(failed)?;
        write_durably(&*self.0.disk, &folder.join(FILE), text.as_bytes()).map_err(failed)
    }

    /// Removes the definition, if there is one. Blocks.
    pub fn undefine(&self, store: &EventDataStore) -> Result<(), Error> {
        let Some(folder) = self.folder_of(store) else { return Ok(()) };
        match self.0.disk.remove(&folder.join(FILE)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => {
                removed.map_err(|source| Error::Disk { doing: "remove the definition in", path: folder, source })
            }
        }
    }

    fn folder_of(&self, store: &EventDataStore) -> Option<PathBuf> {
        let kind = StoreKind::event_data_store(store.arn.id())?;
        Some(self.0.layout.store(&StoreKey { account: store.arn.account.clone(), kind }))
    }
}

/// Two statements: the first makes the table, the second finds the days that there are, and is repeated when there are more.
fn definition(store: &EventDataStore, location: &Path) -> String {
    let name = format!("eds_{}", store.arn.id().replace('-', "_"));
    let schema = Table::of(store.category()).schema();
    // The checksum is made when it is asked for, and in no file.
    let is_there = |name: &str| name != POSITION && name != CHECKSUM;
    let columns = schema.fields().iter().filter(|field| is_there(field.name()));
    let columns: Vec<_> =
        columns.map(|field| format!("  `{}` {}", field.name(), hive_type(field.data_type()))).collect();
    let columns = columns.join(",\n");
    let location = location.display().to_string().replace('\'', "\\'");
    format!(
        "-- {arn}\n\
         CREATE EXTERNAL TABLE IF NOT EXISTS {name} (\n{columns}\n)\n\
         PARTITIONED BY (`day` string)\n\
         STORED AS ORC\n\
         LOCATION 'file://{location}';\n\
         MSCK REPAIR TABLE {name};\n",
        arn = store.arn,
    )
}

/// A type as Hive writes it.
fn hive_type(data_type: &DataType) -> String {
    match data_type {
        DataType::Boolean => "boolean".to_owned(),
        DataType::Int32 => "int".to_owned(),
        DataType::Int64 => "bigint".to_owned(),
        DataType::Float64 => "double".to_owned(),
        DataType::Timestamp(..) => "timestamp".to_owned(),
        DataType::Struct(members) => format!("struct<{}>", hive_members(members)),
        DataType::List(item) => format!("array<{}>", hive_type(item.data_type())),
        // The only maps are of text.
        DataType::Map(..) => "map<string,string>".to_owned(),
        _ => "string".to_owned(),
    }
}

fn hive_members(members: &[FieldRef]) -> String {
    let member = |member: &FieldRef| format!("{}:{}", member.name(), hive_type(member.data_type()));
    members.iter().map(member).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_written_as_hive_does() {
        let schema = Table::Events.schema();
        let of = |name: &str| hive_type(schema.field_with_name(name).expect("a column").data_type());
        assert_eq!(of("eventTime"), "timestamp");
        assert_eq!(of("readOnly"), "boolean");
        assert_eq!(of("requestParameters"), "map<string,string>");
        assert_eq!(of("resources"), "array<struct<accountId:string,type:string,arn:string,arnPrefix:string>>");
        assert_eq!(of("tlsDetails"), "struct<tlsVersion:string,cipherSuite:string,clientProvidedHostHeader:string>");
    }
}
