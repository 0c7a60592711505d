//! All functions by name, and the choice among their overloads.

mod argument;
mod resolved;

pub(crate) use argument::{Argument, Compiled, Over, Unresolved};
pub(crate) use resolved::Resolved;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use datafusion::logical_expr::AggregateUDF;
use opentrail_trino::Type;

use super::aggregate::Aggregate;
use super::kernel::Kernel;
use super::signature::{Binding, Signature, TypeOfLambda, coerces};
use super::window::Window;
use crate::nearest::nearest;

/// What a call does once its types are known.
#[derive(Clone)]
pub(super) enum Body {
    Scalar(Kernel),
    Aggregate(Arc<dyn Aggregate>),
    /// An aggregate of DataFusion that means the same.
    Builtin(fn() -> Arc<AggregateUDF>),
    Window(Window),
}

/// Corrects what a signature alone cannot tell, such as the precision of a decimal product. `None`: does not fit after all.
pub(super) type Adjust = fn(Binding) -> Option<Binding>;

/// One way to call a function.
struct Overload {
    signature: Signature,
    adjust: Option<Adjust>,
    body: Body,
}

/// All functions; see [`Registry::get`].
pub(crate) struct Registry {
    scalars: BTreeMap<String, Vec<Overload>>,
    aggregates: BTreeMap<String, Vec<Overload>>,
    windows: BTreeMap<String, Vec<Overload>>,
}

impl std::fmt::Debug for Registry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.names()).finish()
    }
}

static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
    let mut registry = Registry { scalars: BTreeMap::new(), aggregates: BTreeMap::new(), windows: BTreeMap::new() };
    super::register(&mut registry);
    registry
});

/// Declaring functions.
impl Registry {
    /// A scalar function.
    pub(super) fn add(&mut self, signature: &'static str, kernel: Kernel) {
        self.declare(signature, None, Body::Scalar(kernel));
    }

    /// A scalar function whose types need a correction.
    pub(super) fn add_adjusted(&mut self, signature: &'static str, adjust: Adjust, kernel: Kernel) {
        self.declare(signature, Some(adjust), Body::Scalar(kernel));
    }

    /// An aggregate.
    pub(super) fn add_aggregate(&mut self, signature: &'static str, aggregate: impl Aggregate + 'static) {
        self.declare(signature, None, Body::Aggregate(Arc::new(aggregate)));
    }

    /// An aggregate whose types need a correction.
    pub(super) fn add_aggregate_adjusted(
        &mut self,
        signature: &'static str,
        adjust: Adjust,
        aggregate: impl Aggregate + 'static,
    ) {
        self.declare(signature, Some(adjust), Body::Aggregate(Arc::new(aggregate)));
    }

    /// An aggregate of DataFusion's.
    pub(super) fn add_builtin(&mut self, signature: &'static str, aggregate: fn() -> Arc<AggregateUDF>) {
        self.declare(signature, None, Body::Builtin(aggregate));
    }

    /// A window function.
    pub(super) fn add_window(&mut self, signature: &'static str, window: Window) {
        self.declare(signature, None, Body::Window(window));
    }

    fn declare(&mut self, signature: &'static str, adjust: Option<Adjust>, body: Body) {
        let signature = Signature::parse(signature);
        let kind = match body {
            Body::Scalar(_) => &mut self.scalars,
            Body::Aggregate(_) | Body::Builtin(_) => &mut self.aggregates,
            Body::Window(_) => &mut self.windows,
        };
        kind.entry(signature.name.clone()).or_default().push(Overload { signature, adjust, body });
    }
}

/// Looking functions up. Names are compared without regard to case.
impl Registry {
    /// All functions; made once.
    pub(crate) fn get() -> &'static Self {
        &REGISTRY
    }

    /// Is there a scalar function of this name?
    pub(crate) fn is_scalar(&self, name: &str) -> bool {
        self.scalars.contains_key(&name.to_lowercase())
    }

    /// Is there an aggregate of this name?
    pub(crate) fn is_aggregate(&self, name: &str) -> bool {
        self.aggregates.contains_key(&name.to_lowercase())
    }

    /// Is there a window function proper of this name?
    pub(crate) fn is_window(&self, name: &str) -> bool {
        self.windows.contains_key(&name.to_lowercase())
    }

    /// The names of all functions, operators left out, each once and in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        let all = self.scalars.keys().chain(self.aggregates.keys()).chain(self.windows.keys());
        let names: std::collections::BTreeSet<&str> =
            all.map(String::as_str).filter(|name| !name.starts_with('$')).collect();
        names.into_iter()
    }

    /// The names of all operators, without the prefix that tells them from functions.
    #[cfg(test)]
    pub(super) fn operators(&self) -> impl Iterator<Item = &str> {
        self.scalars.keys().filter_map(|name| name.strip_prefix("$operator$"))
    }

    /// The overload of a scalar function or operator. `lambda` tells the type of the lambda at a position for parameters of
    /// given types; it may be asked several times.
    pub(crate) fn scalar(
        &self,
        name: &str,
        arguments: &[Argument<'_>],
        lambda: &mut TypeOfLambda<'_>,
    ) -> Result<Resolved, Unresolved> {
        let name = name.to_lowercase();
        self.choose(&name, &[&self.scalars], arguments, lambda)
    }

    /// The overload of an aggregate.
    pub(crate) fn aggregate(
        &self,
        name: &str,
        arguments: &[Argument<'_>],
        lambda: &mut TypeOfLambda<'_>,
    ) -> Result<Resolved, Unresolved> {
        let name = name.to_lowercase();
        self.choose(&name, &[&self.aggregates], arguments, lambda)
    }

    /// The overload of a function with OVER: a window function proper or an aggregate.
    pub(crate) fn window(
        &self,
        name: &str,
        arguments: &[Argument<'_>],
        lambda: &mut TypeOfLambda<'_>,
    ) -> Result<Resolved, Unresolved> {
        let name = name.to_lowercase();
        self.choose(&name, &[&self.windows, &self.aggregates], arguments, lambda)
    }

    fn choose(
        &self,
        name: &str,
        kinds: &[&BTreeMap<String, Vec<Overload>>],
        arguments: &[Argument<'_>],
        lambda: &mut TypeOfLambda<'_>,
    ) -> Result<Resolved, Unresolved> {
        let overloads: Vec<&Overload> = kinds.iter().filter_map(|kind| kind.get(name)).flatten().collect();
        if overloads.is_empty() {
            return Err(Unresolved::Unknown {
                name: name.to_owned(),
                nearest: nearest(name, self.names()).map(str::to_owned),
            });
        }
        let mut fits = Vec::new();
        for overload in &overloads {
            if let Some(binding) = overload.bind(arguments, lambda).map_err(Unresolved::Argument)? {
                fits.push((*overload, binding));
            }
        }
        let expected = || overloads.iter().map(|overload| overload.signature.text).collect::<Vec<_>>();
        let Some((overload, binding)) = most_specific(fits, arguments) else {
            return Err(Unresolved::mismatch(name, arguments, &expected()));
        };
        Ok(Resolved::new(name, binding, overload.body.clone()))
    }
}

impl Overload {
    fn bind(
        &self,
        arguments: &[Argument<'_>],
        lambda: &mut TypeOfLambda<'_>,
    ) -> Result<Option<Binding>, opentrail_trino::SqlError> {
        let binding = self.signature.bind(arguments, lambda)?;
        Ok(match self.adjust {
            Some(adjust) => binding.and_then(adjust),
            None => binding,
        })
    }
}

/// Trino's choice: the overload that takes the arguments as they are; else the one whose parameters turn into those of all
/// others; else, of several equally good ones, the first.
fn most_specific<'a>(
    mut fits: Vec<(&'a Overload, Binding)>,
    arguments: &[Argument<'_>],
) -> Option<(&'a Overload, Binding)> {
    let exact = fits.iter().position(|(_, binding)| {
        binding.parameters.iter().zip(arguments).all(|(parameter, argument)| match argument {
            Argument::Value(actual) => is_same(actual, parameter),
            Argument::Lambda { .. } => true,
        })
    });
    let best = exact.or_else(|| {
        (0..fits.len()).find(|best| {
            fits.iter().all(|(_, other)| {
                let own = fits[*best].1.parameters.iter();
                own.zip(&other.parameters).all(|(own, other)| is_lambda(own) || coerces(own, other))
            })
        })
    });
    let index = best.or(if fits.is_empty() { None } else { Some(0) })?;
    Some(fits.swap_remove(index))
}

fn is_lambda(of: &Type) -> bool {
    matches!(of, Type::Function(..))
}

/// The same type, the length of varchar left aside.
fn is_same(a: &Type, b: &Type) -> bool {
    a == b || (a.is_varchar() && b.is_varchar())
}
