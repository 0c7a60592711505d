//! Functions of single rows as kernels: NULL in any argument gives NULL.

use opentrail_trino::SqlError;

use super::kernel::{Call, Input, Kernel};
use super::native::{Native, Reader};
use super::output::{Answer, Output, Sink};

/// The argument at a position.
pub(super) fn input<'a>(call: &Call<'a>, index: usize) -> Result<&'a Input, SqlError> {
    call.inputs.get(index).ok_or_else(|| super::fault::internal("a function lacks an argument"))
}

/// The column that `row` answers row by row.
pub(super) fn collect<R: Answer>(
    call: &Call<'_>,
    mut row: impl FnMut(usize) -> Option<R>,
) -> Result<arrow_array::ArrayRef, SqlError> {
    let mut sink = <R::Out as Output>::Sink::new(call.shape, call.rows);
    for index in 0..call.rows {
        sink.push(match row(index) {
            Some(answer) => answer.answer()?,
            None => None,
        })?;
    }
    sink.finish()
}

macro_rules! adapters {
    ($($(#[doc = $doc:literal])+ $name:ident($($kind:ident $argument:ident $index:literal),+);)+) => {$(
        $(#[doc = $doc])+
        pub(super) fn $name<$($kind: Native + 'static,)+ R: Answer + 'static>(
            function: impl for<'a> Fn($($kind::At<'a>),+) -> R + Send + Sync + 'static,
        ) -> Kernel {
            let run = move |call: &Call<'_>| {
                $(let $argument = Reader::<$kind>::new(input(call, $index)?)?;)+
                collect(call, |row| Some(function($($argument.get(row)?),+)))
            };
            if R::CAN_FAIL { Kernel::partial(run) } else { Kernel::total(run) }
        }
    )+};
}

adapters! {
    /// Of one argument.
    unary(A a 0);
    /// Of two.
    binary(A a 0, B b 1);
    /// Of three.
    ternary(A a 0, B b 1, C c 2);
    /// Of four.
    quaternary(A a 0, B b 1, C c 2, D d 3);
}

/// Of none.
pub(super) fn nullary<R: Answer + 'static>(function: impl Fn() -> R + Send + Sync + 'static) -> Kernel {
    let run = move |call: &Call<'_>| collect(call, |_| Some(function()));
    if R::CAN_FAIL { Kernel::partial(run) } else { Kernel::total(run) }
}
