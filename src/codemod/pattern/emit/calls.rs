//! Calls and conversions, which the grammar cannot always tell apart: one pattern asks for both.

use tree_sitter::Node;

use super::{BETWEEN, Emitter, children, is_blank};
use crate::codemod::pattern::form::Form;

impl Emitter<'_> {
    /// A call. What is called may be a type, and then the tree is another one where the type cannot be an expression.
    pub(super) fn call(&mut self, node: Node<'_>) -> Form {
        let call = self.by_fields(node);
        let function = node.child_by_field_name("function");
        let arguments = node.child_by_field_name("arguments");
        let (Some(function), Some(arguments)) = (function, arguments) else {
            return call;
        };
        let is_open = self.variable(function).is_some() || is_blank(self.text(function));
        let operands = children(arguments);
        let operands: Vec<_> = operands.iter().filter(|(n, _)| n.is_named()).collect();
        match operands[..] {
            [(operand, _)]
                if is_open
                    && self.list(*operand).is_none()
                    && operand.kind() != "variadic_argument" =>
            {
                let kind = self.stand_in(function).unwrap_or(Form::atom("(_)"));
                let operand = self.form(*operand);
                let items = vec![
                    kind.in_field(Some("type")),
                    operand.in_field(Some("operand")),
                ];
                Form::either(vec![call, Form::node("type_conversion_expression", items)])
            }
            _ => call,
        }
    }

    /// A conversion. `@f[@i](@x)` reads as one to a generic type and may be a call of an element too.
    pub(super) fn conversion(&mut self, node: Node<'_>) -> Form {
        let conversion = self.by_fields(node);
        match self.indexed_call(node) {
            Some(call) => Form::either(vec![conversion, call]),
            None => conversion,
        }
    }

    fn indexed_call(&mut self, node: Node<'_>) -> Option<Form> {
        let generic = node
            .child_by_field_name("type")
            .filter(|n| n.kind() == "generic_type")?;
        let base = generic.child_by_field_name("type")?;
        let arguments = children(generic.child_by_field_name("type_arguments")?);
        let mut arguments = arguments.into_iter().filter(|(n, _)| n.is_named());
        let (index, None) = (arguments.next()?.0, arguments.next()) else {
            return None;
        };
        // Where nothing is open, Go is parsed as the pattern was.
        self.variable(index).filter(|variable| !variable.is_list)?;
        let base = self.as_expression(base)?.in_field(Some("operand"));
        let index = self.one(index, "(_)").in_field(Some("index"));
        let function = Form::node("index_expression", vec![base, index]);
        let operand = self.form(node.child_by_field_name("operand")?);
        let arguments = [
            Form::atom("\"(\""),
            Form::atom(BETWEEN),
            operand,
            Form::atom(BETWEEN),
            Form::atom("\")\""),
        ];
        let items = vec![
            function.in_field(Some("function")),
            Form::node("argument_list", arguments.into()).in_field(Some("arguments")),
        ];
        Some(Form::node("call_expression", items))
    }

    /// The type as the expression that has the same text.
    fn as_expression(&mut self, node: Node<'_>) -> Option<Form> {
        if self.variable(node).is_some() || is_blank(self.text(node)) {
            return Some(self.one(node, "(_)"));
        }
        let respelled = |form: Form, from: &str, to: &str| match form {
            Form::Atom(text) => Form::Atom(text.replacen(from, to, 1)),
            list @ Form::List { .. } => list,
        };
        match node.kind() {
            "type_identifier" => Some(respelled(
                self.spelled(node),
                "type_identifier",
                "identifier",
            )),
            "qualified_type" => {
                let package = self.form(node.child_by_field_name("package")?);
                let name = self.form(node.child_by_field_name("name")?);
                let operand = respelled(package, "package_identifier", "identifier");
                let field = respelled(name, "type_identifier", "field_identifier");
                let items = vec![
                    operand.in_field(Some("operand")),
                    field.in_field(Some("field")),
                ];
                Some(Form::node("selector_expression", items))
            }
            _ => None,
        }
    }
}
