//! Reads signatures, type parameters and constraints (<https://go.dev/ref/spec#Function_types>,
//! <https://go.dev/ref/spec#Type_parameter_declarations>).

use std::sync::Arc;

use super::{Parser, names_what_follows};
use crate::go::{
    index::lex::Token,
    types::{Interface, Signature, Type, TypeParam},
};

impl Parser<'_> {
    pub(super) fn signature(&mut self) -> Signature {
        let mut signature = Signature::default();
        if !self.expect(b'(') {
            return signature;
        }
        (signature.params, signature.variadic) = self.params();
        match self.lexer.peek() {
            Token::Mark(b'(') => {
                self.lexer.next();
                signature.results = self.params().0;
            }
            Token::Mark(b'*' | b'[' | b'<') | Token::Word(_) => {
                signature.results.push(self.ty());
            }
            _ => {}
        }
        signature
    }

    /// Parameters or results, `(` being read. Either all have names or none.
    fn params(&mut self) -> (Vec<Type>, bool) {
        let named = self.params_have_names();
        let (mut found, mut variadic) = (Vec::new(), false);
        loop {
            match self.lexer.peek() {
                Token::Mark(b')') => {
                    self.lexer.next();
                    return (found, variadic);
                }
                Token::Mark(b',' | b';') => {
                    self.lexer.next();
                    continue;
                }
                Token::End => return (found, variadic),
                _ => {}
            }
            let count = if named { self.param_names() } else { 1 };
            if self.lexer.peek() == Token::Mark(b'.') {
                while self.expect(b'.') {}
                variadic = true;
                found.push(self.ty().slice());
            } else {
                let ty = self.ty();
                found.extend(std::iter::repeat_n(ty, count));
            }
            if !matches!(self.lexer.peek(), Token::Mark(b',' | b')' | b';')) {
                self.lexer.skip_open();
                return (vec![Type::Unknown], false);
            }
        }
    }

    /// The number of names in `a, b T`.
    fn param_names(&mut self) -> usize {
        let mut count = 0;
        while let Token::Word(_) = self.lexer.peek() {
            self.lexer.next();
            count += 1;
            if !self.expect(b',') {
                break;
            }
        }
        count
    }

    fn params_have_names(&self) -> bool {
        let mut ahead = self.lexer.clone();
        loop {
            if let (Token::Word(word), second) = ahead.peek2()
                && !matches!(word, "map" | "chan" | "func" | "struct" | "interface")
                && names_what_follows(&ahead, second)
            {
                return true;
            }
            // On to the next one.
            loop {
                match ahead.next() {
                    Token::Mark(b',') => break,
                    Token::Mark(b')') | Token::End => return false,
                    Token::Mark(b'(' | b'[' | b'{') => {
                        ahead.skip_open();
                    }
                    _ => {}
                }
            }
        }
    }

    pub(super) fn type_params(&mut self) -> Vec<TypeParam> {
        let mut found: Vec<TypeParam> = Vec::new();
        loop {
            let mut names = Vec::new();
            while let Token::Word(name) = self.lexer.peek() {
                self.lexer.next();
                names.push(name);
                if !self.expect(b',') {
                    break;
                }
            }
            if names.is_empty() {
                return found;
            }
            let constraint = self.constraint();
            found.extend(names.into_iter().map(|name| TypeParam {
                name: name.into(),
                constraint: constraint.clone(),
            }));
            if !self.expect(b',') {
                self.expect(b']');
                return found;
            }
        }
    }

    pub(super) fn constraint(&mut self) -> Type {
        let terms = self.union();
        match terms.as_slice() {
            [(false, one)] => one.clone(),
            _ => Type::Interface(Arc::new(Interface {
                methods: Vec::new(),
                embeds: vec![terms],
            })),
        }
    }

    pub(super) fn union(&mut self) -> Vec<(bool, Type)> {
        let mut terms = Vec::new();
        loop {
            let tilde = self.expect(b'~');
            terms.push((tilde, self.ty()));
            if !self.expect(b'|') {
                return terms;
            }
        }
    }
}
