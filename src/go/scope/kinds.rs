//! The kinds and fields of tree-sitter-go that matter to scope, as enums: one table look-up per node in place of
//! string comparisons.

use std::sync::LazyLock;

use tree_sitter::TreeCursor;

use crate::go::syntax::language;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum $name { $($variant,)* Other }

        impl $name {
            fn of(text: Option<&str>) -> Self {
                match text {
                    $(Some($text) => Self::$variant,)*
                    _ => Self::Other,
                }
            }
        }
    };
}

words! {
    /// The kind of a node.
    Kind {
        SourceFile = "source_file",
        PackageClause = "package_clause",
        ImportDeclaration = "import_declaration",
        FunctionDeclaration = "function_declaration",
        MethodDeclaration = "method_declaration",
        FuncLiteral = "func_literal",
        ParameterList = "parameter_list",
        ParameterDeclaration = "parameter_declaration",
        VariadicParameterDeclaration = "variadic_parameter_declaration",
        TypeParameterList = "type_parameter_list",
        TypeParameterDeclaration = "type_parameter_declaration",
        ConstSpec = "const_spec",
        VarSpec = "var_spec",
        TypeSpec = "type_spec",
        TypeAlias = "type_alias",
        Block = "block",
        IfStatement = "if_statement",
        ForStatement = "for_statement",
        RangeClause = "range_clause",
        ExpressionSwitch = "expression_switch_statement",
        TypeSwitch = "type_switch_statement",
        SelectStatement = "select_statement",
        ExpressionCase = "expression_case",
        TypeCase = "type_case",
        DefaultCase = "default_case",
        CommunicationCase = "communication_case",
        ReceiveStatement = "receive_statement",
        ShortVarDeclaration = "short_var_declaration",
        LabeledStatement = "labeled_statement",
        ExpressionList = "expression_list",
        SelectorExpression = "selector_expression",
        QualifiedType = "qualified_type",
        CompositeLiteral = "composite_literal",
        LiteralValue = "literal_value",
        LiteralElement = "literal_element",
        KeyedElement = "keyed_element",
        PointerType = "pointer_type",
        ParenthesizedType = "parenthesized_type",
        GenericType = "generic_type",
        TypeArguments = "type_arguments",
        TypeElem = "type_elem",
        MapType = "map_type",
        SliceType = "slice_type",
        ArrayType = "array_type",
        ImplicitLengthArrayType = "implicit_length_array_type",
        StructType = "struct_type",
        Identifier = "identifier",
        TypeIdentifier = "type_identifier",
        PackageIdentifier = "package_identifier",
        FieldIdentifier = "field_identifier",
        LabelName = "label_name",
        Nil = "nil",
        True = "true",
        False = "false",
        Iota = "iota",
        Defines = ":=",
        Colon = ":",
        Comment = "comment",
    }
}

words! {
    /// The field of a node in its parent.
    Field {
        Name = "name",
        Type = "type",
        Receiver = "receiver",
        Parameters = "parameters",
        Result = "result",
        Body = "body",
        Left = "left",
        Alias = "alias",
        Label = "label",
        Key = "key",
        Operand = "operand",
    }
}

impl Kind {
    /// Whether a node of this kind is a name. The grammar gives four predeclared names kinds of their own, which
    /// stay those where a declaration shadows them.
    pub(super) fn is_name(self) -> bool {
        matches!(
            self,
            Self::Identifier
                | Self::TypeIdentifier
                | Self::PackageIdentifier
                | Self::FieldIdentifier
                | Self::LabelName
                | Self::Nil
                | Self::True
                | Self::False
                | Self::Iota
        )
    }

    /// Whether a node of this kind declares parameters that its body sees.
    pub(super) fn is_function(self) -> bool {
        matches!(
            self,
            Self::FunctionDeclaration | Self::MethodDeclaration | Self::FuncLiteral
        )
    }

    /// Whether names that a node of this kind declares are visible only where it ends.
    pub(super) fn declares_at_end(self) -> bool {
        matches!(
            self,
            Self::VarSpec
                | Self::ConstSpec
                | Self::ShortVarDeclaration
                | Self::ReceiveStatement
                | Self::RangeClause
        )
    }

    /// Whether a node of this kind is a clause: an implicit block whose end is the next clause.
    pub(super) fn is_clause(self) -> bool {
        matches!(
            self,
            Self::ExpressionCase | Self::TypeCase | Self::DefaultCase | Self::CommunicationCase
        )
    }

    /// Whether a node of this kind is a block of its own, besides clauses and function bodies
    /// (<https://go.dev/ref/spec#Blocks>).
    pub(super) fn opens_block(self) -> bool {
        self.is_function()
            || matches!(
                self,
                Self::Block
                    | Self::IfStatement
                    | Self::ForStatement
                    | Self::ExpressionSwitch
                    | Self::TypeSwitch
            )
    }
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let language = language();
    let count = u16::try_from(language.node_kind_count()).unwrap_or(u16::MAX);
    (0..count)
        .map(|id| {
            // `iota`, `nil`, … are the names of anonymous tokens too; only the named nodes are met in trees.
            Kind::of(language.node_kind_for_id(id))
        })
        .collect()
});

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let language = language();
    let count = u16::try_from(language.field_count()).unwrap_or(u16::MAX);
    (0..=count)
        .map(|id| Field::of(language.field_name_for_id(id)))
        .collect()
});

/// Kind and field of the node that the cursor is on.
pub(super) fn classify(cursor: &TreeCursor<'_>) -> (Kind, Field) {
    let field = cursor
        .field_id()
        .and_then(|id| FIELDS.get(usize::from(id.get())))
        .copied()
        .unwrap_or(Field::Other);
    (kind_of(cursor.node()), field)
}

/// Kind of a node.
pub(super) fn kind_of(node: tree_sitter::Node<'_>) -> Kind {
    KINDS
        .get(usize::from(node.kind_id()))
        .copied()
        .unwrap_or(Kind::Other)
}
