// Command types prints what go/types knows: the types of expressions, for tests to compare with, or the table of the
// standard library that gomend carries.
//
// Usage:
//
//	go run ./tests/oracle/types judge dir...
//	go run ./tests/oracle/types judge-module dir
//	go run ./tests/oracle/types table > src/go/types/stdlib.txt
//	go run ./tests/oracle/types modules dir package... > src/go/types/modules.txt
//
// judge prints for each file a line "F path", then for each expression a line "start end class type", where class is
// one of
//
//	v  an identifier that uses or declares a local variable or parameter
//	g  an identifier that uses a package-level variable
//	c  a call with results
//	s  a selection of a field, or of a variable of another package
//	m  a selection of a method, which is not called
//	o  any other expression that is not constant
//
// Packages that do not type-check are left out, but for external tests. judge-module prints the same of all packages of a
// module whose dependencies are downloaded.
//
// modules writes the table of these packages as of the versions that the module in a folder requires; in an empty one,
// `go get` them first (`modules.txt` names packages and versions).
package main

import (
	"bufio"
	"errors"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
)

var (
	fset = token.NewFileSet()
	out  = bufio.NewWriter(os.Stdout)
)

func main() {
	build.Default.CgoEnabled = false
	switch {
	case len(os.Args) == 2 && os.Args[1] == "table":
		printTable()
	case len(os.Args) > 2 && os.Args[1] == "judge":
		judge(os.Args[2:])
	case len(os.Args) == 3 && os.Args[1] == "judge-module":
		judgeModule(os.Args[2])
	case len(os.Args) > 3 && os.Args[1] == "modules":
		printModules(os.Args[2], os.Args[3:])
	default:
		fmt.Fprintln(os.Stderr, "usage: types judge dir... | types judge-module dir | types table | types modules dir package...")
		os.Exit(2)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func judge(dirs []string) {
	imp := importer.ForCompiler(fset, "source", nil)
	for _, dir := range dirs {
		pkg, err := build.ImportDir(dir, 0)
		if err != nil {
			continue
		}
		inside := append(append([]string{}, pkg.GoFiles...), pkg.TestGoFiles...)
		tested := check(imp, dir, pkg.ImportPath, inside, false)
		check(withTested{imp, pkg.ImportPath, tested}, dir, pkg.ImportPath+"_test", pkg.XTestGoFiles, true)
	}
}

// withTested gives the package under test as its own tests see it.
type withTested struct {
	types.Importer
	path   string
	tested *types.Package
}

func (w withTested) Import(path string) (*types.Package, error) {
	if path == w.path && w.tested != nil {
		return w.tested, nil
	}
	return w.Importer.Import(path)
}

func check(imp types.Importer, dir, path string, names []string, lenient bool) *types.Package {
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(fset, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil
		}
		files = append(files, file)
	}
	if len(files) == 0 {
		return nil
	}
	info := &types.Info{
		Types:      map[ast.Expr]types.TypeAndValue{},
		Defs:       map[*ast.Ident]types.Object{},
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
		Implicits:  map[ast.Node]types.Object{},
	}
	var failure error
	config := types.Config{
		Importer:    imp,
		FakeImportC: true,
		Sizes:       types.SizesFor("gc", build.Default.GOARCH),
		Error: func(err error) {
			var typeErr types.Error
			if !errors.As(err, &typeErr) || !typeErr.Soft {
				failure = err
			}
		},
	}
	pkg, _ := config.Check(path, fset, files, info)
	if failure != nil && !lenient {
		fmt.Fprintf(os.Stderr, "left out, does not type-check: %s: %v\n", dir, failure)
		return nil
	}
	for _, file := range files {
		print(pkg, info, file)
	}
	return pkg
}

func print(pkg *types.Package, info *types.Info, file *ast.File) {
	fmt.Fprintf(out, "F %s %s\n", fset.PositionFor(file.Pos(), false).Filename, pkg.Path())
	callees := map[ast.Expr]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		if call, ok := node.(*ast.CallExpr); ok {
			callees[ast.Unparen(call.Fun)] = true
		}
		if expr, ok := node.(ast.Expr); ok {
			if class, typ := classify(pkg, info, expr, callees[expr]); class != 0 {
				fmt.Fprintf(out, "%d %d %c %s\n", offset(expr.Pos()), offset(expr.End()), class, typeString(typ, ""))
			}
		}
		return true
	})
}

func offset(pos token.Pos) int { return fset.PositionFor(pos, false).Offset }

func classify(pkg *types.Package, info *types.Info, expr ast.Expr, called bool) (byte, types.Type) {
	if id, ok := expr.(*ast.Ident); ok {
		obj := info.Uses[id]
		if obj == nil {
			obj = info.Defs[id]
		}
		variable, ok := obj.(*types.Var)
		switch {
		case !ok || variable.IsField() || id.Name == "_" || invalid(variable.Type()):
			return 0, nil
		case variable.Parent() == pkg.Scope() || variable.Pkg() != pkg:
			return 'g', variable.Type()
		}
		return 'v', variable.Type()
	}
	tv, ok := info.Types[expr]
	if !ok || !tv.IsValue() || tv.Value != nil || invalid(tv.Type) {
		return 0, nil
	}
	switch expr := expr.(type) {
	case *ast.CallExpr:
		return 'c', tv.Type
	case *ast.SelectorExpr:
		selection := info.Selections[expr]
		if selection != nil && selection.Kind() != types.FieldVal || selection == nil && called {
			if called {
				return 0, nil
			}
			return 'm', tv.Type
		}
		return 's', tv.Type
	case *ast.ParenExpr, *ast.KeyValueExpr:
		return 0, nil
	case *ast.CompositeLit:
		if expr.Type == nil {
			return 0, nil // in gomend's tree, no expression of its own
		}
	}
	if tuple, ok := tv.Type.(*types.Tuple); ok {
		return 'o', tuple.At(0).Type() // with a second value that says whether it was there
	}
	return 'o', tv.Type
}

func invalid(t types.Type) bool {
	if t == nil {
		return true
	}
	if tuple, ok := t.(*types.Tuple); ok {
		return tuple.Len() == 0
	}
	basic, ok := t.(*types.Basic)
	return ok && (basic.Kind() == types.Invalid || basic.Info()&types.IsUntyped != 0)
}
