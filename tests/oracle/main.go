// Oracle prints what go/types says each identifier of some packages means.
//
// Usage: oracle [-lenient] dir...
//
// For each file a line "F path", then for each identifier outside of the package clause and the imports a line
// "offset target". Targets:
//
//	@N    declared in this file, by the identifier at offset N (itself, for a declaration)
//	o     declared in another file of the package, or dot-imported
//	iN    the package of the import spec at offset N
//	u     predeclared
//	m     a field, a method, or a name of another package
//	_     the blank identifier
//	?     go/types does not say
//
// Packages that do not type-check are left out, unless they are external tests or -lenient is given: then imports
// need not be found, and what go/types does not say is "?".
package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"go/ast"
	"go/build"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
)

var (
	fset    = token.NewFileSet()
	out     = bufio.NewWriter(os.Stdout)
	lenient = flag.Bool("lenient", false, "print packages that do not type-check, too")
)

func main() {
	flag.Parse()
	build.Default.CgoEnabled = false
	var imp types.Importer = noImporter{}
	if !*lenient {
		imp = importer.ForCompiler(fset, "source", nil)
	}
	for _, dir := range flag.Args() {
		pkg, err := build.ImportDir(dir, 0)
		if err != nil {
			var multiple *build.MultiplePackageError
			if !*lenient || !errors.As(err, &multiple) {
				continue
			}
		}
		inside := append(append([]string{}, pkg.GoFiles...), pkg.TestGoFiles...)
		tested := check(imp, dir, pkg.ImportPath, inside, *lenient)
		// An external test sees what the package's own tests export, and other packages that import it do not, so
		// some of these do not type-check here.
		check(withTested{imp, pkg.ImportPath, tested}, dir, pkg.ImportPath+"_test", pkg.XTestGoFiles, true)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type noImporter struct{}

func (noImporter) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	return types.NewPackage(path, assumedName(path)), nil
}

// assumedName is the name that most packages with this path have.
func assumedName(path string) string {
	elements := strings.Split(path, "/")
	last := elements[len(elements)-1]
	if version := regexp.MustCompile(`^v[2-9][0-9]*$`); version.MatchString(last) && len(elements) > 1 {
		last = elements[len(elements)-2]
	}
	return last
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
	info := &types.Info{Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}}
	var failure error
	config := types.Config{
		Importer:    imp,
		FakeImportC: true,
		Sizes:       types.SizesFor("gc", build.Default.GOARCH),
		Error: func(err error) {
			// Unused variables and imports do not hurt resolution; anything else may.
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
	fmt.Fprintf(out, "F %s\n", fset.PositionFor(file.Pos(), false).Filename)
	type line struct {
		offset int
		target string
	}
	var lines []line
	selected := map[*ast.Ident]bool{}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.SelectorExpr:
			selected[node.Sel] = true
		case *ast.Ident:
			if node == file.Name {
				return false
			}
			target := "m"
			if !selected[node] {
				target = targetOf(pkg, info, node)
			}
			lines = append(lines, line{offset(node.Pos()), target})
		}
		return true
	})
	sort.Slice(lines, func(i, j int) bool { return lines[i].offset < lines[j].offset })
	for _, line := range lines {
		fmt.Fprintf(out, "%d %s\n", line.offset, line.target)
	}
}

func offset(pos token.Pos) int { return fset.PositionFor(pos, false).Offset }

func targetOf(pkg *types.Package, info *types.Info, id *ast.Ident) string {
	if id.Name == "_" {
		return "_"
	}
	// An embedded field is both; as a name it is the use of a type.
	if obj := info.Uses[id]; obj != nil {
		return describe(pkg, id, obj)
	}
	obj, defined := info.Defs[id]
	switch {
	case obj != nil:
		return describe(pkg, id, obj)
	case defined:
		return fmt.Sprintf("@%d", offset(id.Pos())) // the symbol of a type switch
	}
	return "?"
}

func describe(pkg *types.Package, id *ast.Ident, obj types.Object) string {
	switch obj := obj.(type) {
	case *types.PkgName:
		return fmt.Sprintf("i%d", offset(obj.Pos()))
	case *types.Var:
		if obj.IsField() {
			return "m"
		}
	case *types.Func:
		if obj.Signature().Recv() != nil {
			return "m"
		}
	}
	switch {
	case obj.Pkg() == nil || obj.Parent() == types.Universe:
		return "u"
	case obj.Pkg() != pkg:
		return "o"
	}
	at, here := fset.PositionFor(obj.Pos(), false), fset.PositionFor(id.Pos(), false)
	if at.Filename != here.Filename {
		return "o"
	}
	return fmt.Sprintf("@%d", at.Offset)
}
