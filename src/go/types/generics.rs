//! Type parameters: putting arguments in, and finding them from a call's arguments
//! (<https://go.dev/ref/spec#Type_inference>; what it does not find stays unknown).

use std::{collections::HashMap, sync::Arc};

use super::{Field, Interface, Named, Signature, Type, TypeParam};

/// Types by the name of the type parameter that they stand for.
pub type Bindings = HashMap<Arc<str>, Type>;

/// `t` with every bound type parameter replaced.
pub fn substitute(t: &Type, bound: &Bindings) -> Type {
    let sub = |t: &Type| substitute(t, bound);
    match t {
        Type::Basic(_) | Type::Untyped(_) | Type::Unknown => t.clone(),
        Type::TypeParam(param) => bound.get(&param.name).unwrap_or(t).clone(),
        Type::Named(named) if named.args.is_empty() => t.clone(),
        Type::Named(named) => Type::Named(Arc::new(Named {
            args: named.args.iter().map(sub).collect(),
            ..(**named).clone()
        })),
        Type::Pointer(t) => sub(t).pointer(),
        Type::Slice(t) => sub(t).slice(),
        Type::Array(length, t) => Type::Array(*length, Arc::new(sub(t))),
        Type::Chan(direction, t) => Type::Chan(*direction, Arc::new(sub(t))),
        Type::Map(pair) => Type::Map(Arc::new((sub(&pair.0), sub(&pair.1)))),
        Type::Func(signature) => Type::Func(Arc::new(in_signature(signature, bound))),
        Type::Struct(fields) => Type::Struct(Arc::new(
            fields
                .iter()
                .map(|field| Field {
                    ty: sub(&field.ty),
                    ..field.clone()
                })
                .collect(),
        )),
        Type::Interface(interface) => Type::Interface(Arc::new(Interface {
            methods: interface
                .methods
                .iter()
                .map(|(name, method)| (Arc::clone(name), Arc::new(in_signature(method, bound))))
                .collect(),
            embeds: interface
                .embeds
                .iter()
                .map(|terms| terms.iter().map(|(tilde, t)| (*tilde, sub(t))).collect())
                .collect(),
        })),
        Type::Tuple(types) => Type::Tuple(Arc::new(types.iter().map(sub).collect())),
    }
}

/// A signature with every bound type parameter replaced, and no longer among its own.
pub fn in_signature(signature: &Signature, bound: &Bindings) -> Signature {
    let sub = |types: &[Type]| types.iter().map(|t| substitute(t, bound)).collect();
    Signature {
        type_params: signature
            .type_params
            .iter()
            .filter(|param| !bound.contains_key(&param.name))
            .map(|param| TypeParam {
                name: Arc::clone(&param.name),
                constraint: substitute(&param.constraint, bound),
            })
            .collect(),
        params: sub(&signature.params),
        results: sub(&signature.results),
        variadic: signature.variadic,
    }
}

/// Finds the type parameters of `params` in `pattern` by what stands at their place in `given`.
pub fn unify(
    pattern: &Type,
    given: &Type,
    params: &[TypeParam],
    bound: &mut Bindings,
    underlying: &dyn Fn(&Type) -> Type,
) {
    if let Type::TypeParam(param) = pattern {
        if params.contains(param) && !matches!(given, Type::Untyped(_) | Type::Unknown) {
            bound
                .entry(Arc::clone(&param.name))
                .or_insert_with(|| given.clone());
        }
        return;
    }
    let mut unify = |pattern: &Type, given: &Type| unify(pattern, given, params, bound, underlying);
    match (pattern, given) {
        (Type::Named(a), Type::Named(b))
            if a.path == b.path && a.name == b.name && a.local == b.local =>
        {
            for (a, b) in a.args.iter().zip(&b.args) {
                unify(a, b);
            }
        }
        (Type::Pointer(a), Type::Pointer(b))
        | (Type::Slice(a), Type::Slice(b))
        | (Type::Array(_, a), Type::Array(_, b))
        | (Type::Chan(_, a), Type::Chan(_, b)) => unify(a, b),
        (Type::Map(a), Type::Map(b)) => {
            unify(&a.0, &b.0);
            unify(&a.1, &b.1);
        }
        (Type::Func(a), Type::Func(b)) => {
            for (a, b) in a
                .params
                .iter()
                .zip(&b.params)
                .chain(a.results.iter().zip(&b.results))
            {
                unify(a, b);
            }
        }
        (
            Type::Pointer(_)
            | Type::Slice(_)
            | Type::Array(..)
            | Type::Chan(..)
            | Type::Map(_)
            | Type::Func(_),
            Type::Named(_),
        ) => {
            let inner = underlying(given);
            if !matches!(inner, Type::Named(_)) {
                unify(pattern, &inner);
            }
        }
        _ => {}
    }
}

/// Finds further type parameters by the core types of those that are found, as `E` by `S ~[]E`.
pub fn unify_constraints(
    params: &[TypeParam],
    bound: &mut Bindings,
    underlying: &dyn Fn(&Type) -> Type,
) {
    for _ in 0..params.len() {
        for param in params {
            let Type::Interface(constraint) = &param.constraint else {
                continue;
            };
            let [terms] = constraint.embeds.as_slice() else {
                continue;
            };
            let [(tilde, core)] = terms.as_slice() else {
                continue;
            };
            if let Some(given) = bound.get(&param.name).cloned() {
                let given = if *tilde { underlying(&given) } else { given };
                unify(core, &given, params, bound, underlying);
            } else {
                let found = substitute(core, bound);
                let is_open = found.any(&|t| matches!(t, Type::TypeParam(p) if params.contains(p)));
                if !is_open {
                    bound.insert(Arc::clone(&param.name), found);
                }
            }
        }
    }
}
