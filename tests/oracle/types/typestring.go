package main

import (
	"fmt"
	"go/types"
	"sort"
	"strings"
)

// typeString writes a type as gomend does: full package paths, aliases resolved, uint8 as byte, empty interfaces as
// any, no parameter names, no tags. Named types of the package home have no path.
func typeString(t types.Type, home string) string {
	w := writer{home: home}
	w.typ(t)
	return w.String()
}

type writer struct {
	strings.Builder
	home string
}

func (w *writer) typ(t types.Type) {
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		w.WriteString(basicName(t))
	case *types.Named:
		w.named(t)
	case *types.TypeParam:
		w.WriteString(t.Obj().Name())
	case *types.Pointer:
		w.WriteString("*")
		w.typ(t.Elem())
	case *types.Slice:
		w.WriteString("[]")
		w.typ(t.Elem())
	case *types.Array:
		fmt.Fprintf(w, "[%d]", t.Len())
		w.typ(t.Elem())
	case *types.Map:
		w.WriteString("map[")
		w.typ(t.Key())
		w.WriteString("]")
		w.typ(t.Elem())
	case *types.Chan:
		w.channel(t)
	case *types.Signature:
		w.WriteString("func")
		w.signature(t)
	case *types.Struct:
		w.structure(t)
	case *types.Interface:
		w.iface(t)
	case *types.Tuple:
		w.WriteString("(")
		w.list(t, false)
		w.WriteString(")")
	default:
		fmt.Fprintf(w, "?%T", t)
	}
}

func basicName(t *types.Basic) string {
	switch t.Kind() {
	case types.Byte:
		return "byte"
	case types.Rune:
		return "int32"
	case types.UnsafePointer:
		return "unsafe.Pointer"
	}
	return t.Name()
}

func (w *writer) named(t *types.Named) {
	obj := t.Obj()
	if obj.Pkg() != nil && obj.Pkg().Path() != w.home {
		// Only the standard library's own vendored packages have their folder in their path.
		w.WriteString(strings.TrimPrefix(obj.Pkg().Path(), "vendor/") + ".")
	}
	w.WriteString(obj.Name())
	if args := t.TypeArgs(); args.Len() > 0 {
		w.WriteString("[")
		for i := range args.Len() {
			if i > 0 {
				w.WriteString(", ")
			}
			w.typ(args.At(i))
		}
		w.WriteString("]")
	}
}

func (w *writer) channel(t *types.Chan) {
	w.WriteString([]string{"chan ", "chan<- ", "<-chan "}[t.Dir()])
	inner, _ := types.Unalias(t.Elem()).(*types.Chan)
	parens := t.Dir() != types.SendOnly && inner != nil && inner.Dir() == types.RecvOnly
	if parens {
		w.WriteString("(")
	}
	w.typ(t.Elem())
	if parens {
		w.WriteString(")")
	}
}

func (w *writer) signature(t *types.Signature) {
	w.typeParams(t.TypeParams())
	w.WriteString("(")
	w.list(t.Params(), t.Variadic())
	w.WriteString(")")
	switch t.Results().Len() {
	case 0:
	case 1:
		w.WriteString(" ")
		w.typ(t.Results().At(0).Type())
	default:
		w.WriteString(" (")
		w.list(t.Results(), false)
		w.WriteString(")")
	}
}

func (w *writer) typeParams(params *types.TypeParamList) {
	if params.Len() == 0 {
		return
	}
	w.WriteString("[")
	for i := range params.Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		w.WriteString(params.At(i).Obj().Name() + " ")
		w.typ(params.At(i).Constraint())
	}
	w.WriteString("]")
}

func (w *writer) list(t *types.Tuple, variadic bool) {
	for i := range t.Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		typ := t.At(i).Type()
		if slice, ok := typ.(*types.Slice); ok && variadic && i == t.Len()-1 {
			w.WriteString("...")
			typ = slice.Elem()
		}
		w.typ(typ)
	}
}

func (w *writer) structure(t *types.Struct) {
	w.WriteString("struct{")
	for i := range t.NumFields() {
		if i > 0 {
			w.WriteString("; ")
		}
		field := t.Field(i)
		if !field.Embedded() {
			w.WriteString(field.Name() + " ")
		}
		w.typ(field.Type())
	}
	w.WriteString("}")
}

func (w *writer) iface(t *types.Interface) {
	if t.Empty() {
		w.WriteString("any")
		return
	}
	var parts []string
	part := func(f func(w *writer)) {
		p := writer{home: w.home}
		f(&p)
		parts = append(parts, p.String())
	}
	if t.IsMethodSet() {
		for i := range t.NumMethods() {
			part(func(w *writer) {
				w.WriteString(t.Method(i).Name())
				w.signature(t.Method(i).Signature())
			})
		}
		sort.Strings(parts)
	} else {
		if t.IsComparable() {
			parts = append(parts, "comparable")
		}
		for i := range t.NumExplicitMethods() {
			part(func(w *writer) {
				w.WriteString(t.ExplicitMethod(i).Name())
				w.signature(t.ExplicitMethod(i).Signature())
			})
		}
		for i := range t.NumEmbeddeds() {
			part(func(w *writer) { w.element(t.EmbeddedType(i)) })
		}
	}
	w.WriteString("interface{" + strings.Join(parts, "; ") + "}")
}

func (w *writer) element(t types.Type) {
	union, ok := t.(*types.Union)
	if !ok {
		w.typ(t)
		return
	}
	for i := range union.Len() {
		if i > 0 {
			w.WriteString(" | ")
		}
		if union.Term(i).Tilde() {
			w.WriteString("~")
		}
		w.typ(union.Term(i).Type())
	}
}
