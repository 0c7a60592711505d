//! `||` and `concat`.

use arrow_array::ArrayRef;

use super::super::Registry;
use super::super::adapt::{collect, input};
use super::super::kernel::{Input, Kernel};
use super::super::lists::{Builder, Lists};
use super::super::native::{Bytes, Reader, Text};

pub(super) fn register(to: &mut Registry) {
    for signature in
        ["$operator$concat(varchar, varchar) -> varchar", "concat(varchar, varchar, varchar...) -> varchar"]
    {
        to.add(signature, texts());
    }
    for signature in [
        "$operator$concat(varbinary, varbinary) -> varbinary",
        "concat(varbinary, varbinary, varbinary...) -> varbinary",
    ] {
        to.add(signature, bytes());
    }
    for signature in
        ["$operator$concat(array(T), array(T)) -> array(T)", "concat(array(T), array(T), array(T)...) -> array(T)"]
    {
        to.add(signature, arrays());
    }
    for signature in ["$operator$concat(array(T), T) -> array(T)", "concat(array(T), T) -> array(T)"] {
        to.add(signature, array_and_item(0));
    }
    for signature in ["$operator$concat(T, array(T)) -> array(T)", "concat(T, array(T)) -> array(T)"] {
        to.add(signature, array_and_item(1));
    }
}

fn texts() -> Kernel {
    Kernel::total(|call| {
        let readers = call.inputs.iter().map(Reader::<Text>::new).collect::<Result<Vec<_>, _>>()?;
        collect(call, |row| {
            let parts = readers.iter().map(|reader| reader.get(row)).collect::<Option<Vec<_>>>()?;
            Some(parts.concat())
        })
    })
}

fn bytes() -> Kernel {
    Kernel::total(|call| {
        let readers = call.inputs.iter().map(Reader::<Bytes>::new).collect::<Result<Vec<_>, _>>()?;
        collect(call, |row| {
            let parts = readers.iter().map(|reader| reader.get(row)).collect::<Option<Vec<_>>>()?;
            Some(parts.concat())
        })
    })
}

fn arrays() -> Kernel {
    Kernel::total(|call| {
        let lists = call.inputs.iter().map(Lists::new).collect::<Result<Vec<_>, _>>()?;
        let mut builder = Builder::default();
        for row in 0..call.rows {
            match lists.iter().map(|list| list.get(row)).collect::<Option<Vec<_>>>() {
                None => builder.end_null(),
                Some(ranges) => {
                    ranges.into_iter().enumerate().for_each(|(source, range)| builder.items(source, range));
                    builder.end();
                }
            }
        }
        let sources: Vec<&ArrayRef> = lists.iter().map(Lists::values).collect();
        builder.finish(&sources, call.shape)
    })
}

/// An array at one position and an item at the other. A NULL item is added.
fn array_and_item(array: usize) -> Kernel {
    Kernel::total(move |call| {
        let list = Lists::new(input(call, array)?)?;
        let item: &Input = input(call, 1 - array)?;
        let mut builder = Builder::default();
        for row in 0..call.rows {
            let Some(range) = list.get(row) else {
                builder.end_null();
                continue;
            };
            if array == 0 {
                builder.items(0, range);
                builder.item(1, item.at(row));
            } else {
                builder.item(1, item.at(row));
                builder.items(0, range);
            }
            builder.end();
        }
        builder.finish(&[list.values(), item.array()], call.shape)
    })
}
