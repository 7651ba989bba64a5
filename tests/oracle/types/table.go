package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"unicode"
)

// platforms are those whose declarations the table unites.
var platforms = []string{"linux/amd64", "linux/386", "windows/amd64", "darwin/arm64"}

// printTable writes what the packages of the standard library export, one declaration a line:
//
//	P path name          a package; what follows is its
//	C type: Name …       constants
//	F Name(…) …          a function
//	M *T.Name(…) …       a method, with * for a pointer receiver; type parameters are those of T
//	T Name …             a type and its underlying type, its type parameters in brackets behind the name
//	A Name = …           an alias
//	V Name type          a variable
//
// Types are written by typeString. Unexported types are there where an exported declaration mentions or embeds them.
// What two platforms declare differently is left out.
func printTable() {
	seen := map[string]map[string]string{}
	names := map[string]string{}
	conflicts := map[string]bool{}
	for _, platform := range platforms {
		os, arch, _ := strings.Cut(platform, "/")
		imp := &sourceImporter{context: build.Default, done: map[string]*types.Package{"unsafe": types.Unsafe}}
		imp.context.GOOS, imp.context.GOARCH, imp.context.CgoEnabled = os, arch, false
		for _, path := range standardPackages() {
			pkg, err := imp.Import(path)
			if err != nil {
				continue
			}
			names[path] = pkg.Name()
			if seen[path] == nil {
				seen[path] = map[string]string{}
			}
			for key, line := range declarations(pkg) {
				if before, ok := seen[path][key]; ok && before != line {
					conflicts[path+" "+key] = true
				}
				seen[path][key] = line
			}
		}
	}
	fmt.Fprintf(out, "# What the standard library of %s exports. Written by tests/oracle/types; see table.go for the format.\n", runtime.Version())
	for _, path := range sorted(names) {
		isLeftOut := func(key string) bool { return conflicts[path+" "+key] }
		printPackage(path, names[path], seen[path], isLeftOut)
	}
}

// printPackage writes the lines of one package.
func printPackage(path, name string, lines map[string]string, isLeftOut func(key string) bool) {
	fmt.Fprintf(out, "P %s %s\n", path, name)
	constants := map[string][]string{}
	for _, key := range sorted(lines) {
		line := lines[key]
		switch {
		case isLeftOut != nil && isLeftOut(key):
		case strings.HasPrefix(line, "C "):
			name, typ, _ := strings.Cut(line[2:], " ")
			constants[typ] = append(constants[typ], name)
		default:
			fmt.Fprintln(out, line)
		}
	}
	for _, typ := range sorted(constants) {
		fmt.Fprintf(out, "C %s: %s\n", typ, strings.Join(constants[typ], " "))
	}
}

// sourceImporter reads each package of GOROOT once, for one platform, without function bodies. What does not
// type-check on a platform, such as references to cgo, is left out of the package.
type sourceImporter struct {
	context build.Context
	done    map[string]*types.Package
}

func (s *sourceImporter) Import(path string) (*types.Package, error) {
	if pkg, ok := s.done[path]; ok {
		return pkg, nil
	}
	src := filepath.Join(s.context.GOROOT, "src")
	dir := filepath.Join(src, path)
	if strings.Contains(strings.Split(path, "/")[0], ".") {
		dir = filepath.Join(src, "vendor", path)
	}
	found, err := s.context.ImportDir(dir, 0)
	if err != nil {
		return nil, err
	}
	files := token.NewFileSet()
	var parsed []*ast.File
	for _, name := range found.GoFiles {
		file, err := parser.ParseFile(files, filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		parsed = append(parsed, file)
	}
	config := types.Config{
		Importer:         s,
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", s.context.GOARCH),
		Error:            func(error) {},
	}
	pkg, _ := config.Check(path, files, parsed, nil)
	s.done[path] = pkg
	return pkg, nil
}

func sorted[V any](m map[string]V) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

func standardPackages() []string {
	var paths []string
	list, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for _, path := range bytes.Fields(list) {
		path := string(path)
		if !strings.Contains("/"+path+"/", "/internal/") && !strings.Contains("/"+path+"/", "/vendor/") {
			paths = append(paths, path)
		}
	}
	return paths
}

// declarations gives a line for each declaration, by a key under which platforms are compared.
func declarations(pkg *types.Package) map[string]string {
	lines := map[string]string{}
	home := pkg.Path()
	// Types without exported names are wanted where they show.
	var queue []string
	wanted := map[string]bool{}
	for _, name := range pkg.Scope().Names() {
		if token.IsExported(name) {
			queue = append(queue, name)
			wanted[name] = true
		}
	}
	for len(queue) > 0 {
		name := queue[0]
		queue = queue[1:]
		for _, mentioned := range mentions(pkg.Scope().Lookup(name), pkg) {
			if !wanted[mentioned] {
				wanted[mentioned] = true
				queue = append(queue, mentioned)
			}
		}
	}
	for _, name := range pkg.Scope().Names() {
		if wanted[name] {
			declaration(pkg.Scope().Lookup(name), home, lines)
		}
	}
	return lines
}

func declaration(obj types.Object, home string, lines map[string]string) {
	name := obj.Name()
	switch obj := obj.(type) {
	case *types.Const:
		lines["c "+name] = "C " + name + " " + typeString(obj.Type(), home)
	case *types.Var:
		lines["v "+name] = "V " + name + " " + typeString(obj.Type(), home)
	case *types.Func:
		lines["f "+name] = "F " + name + strings.TrimPrefix(typeString(obj.Type(), home), "func")
	case *types.TypeName:
		if obj.IsAlias() {
			w := writer{home: home}
			target := obj.Type()
			if alias, ok := target.(*types.Alias); ok {
				w.typeParams(alias.TypeParams())
				target = alias.Rhs()
			}
			lines["t "+name] = "A " + name + w.String() + " = " + typeString(target, home)
			return
		}
		named, ok := obj.Type().(*types.Named)
		if !ok {
			return
		}
		w := writer{home: home}
		w.typeParams(named.TypeParams())
		lines["t "+name] = "T " + name + w.String() + " " + underlying(named, home)
		for i := range named.NumMethods() {
			method := named.Method(i)
			if !method.Exported() {
				continue
			}
			star, args := "", ""
			recv := method.Signature().Recv().Type()
			if pointer, ok := recv.(*types.Pointer); ok {
				star, recv = "*", pointer.Elem()
			}
			if params := method.Signature().RecvTypeParams(); params.Len() > 0 {
				var names []string
				for i := range params.Len() {
					names = append(names, params.At(i).Obj().Name())
				}
				args = "[" + strings.Join(names, ", ") + "]"
			}
			lines["t "+name+"."+method.Name()] = "M " + star + name + args + "." + method.Name() +
				strings.TrimPrefix(typeString(method.Type(), home), "func")
		}
	}
}

// underlying writes a struct without the fields that no other package can name, others whole.
func underlying(named *types.Named, home string) string {
	structure, ok := named.Underlying().(*types.Struct)
	if !ok {
		return typeString(named.Underlying(), home)
	}
	w := writer{home: home}
	w.WriteString("struct{")
	for i := range structure.NumFields() {
		field := structure.Field(i)
		if !field.Exported() && !field.Embedded() {
			continue
		}
		if w.Len() > len("struct{") {
			w.WriteString("; ")
		}
		if !field.Embedded() {
			w.WriteString(field.Name() + " ")
		}
		w.typ(field.Type())
	}
	w.WriteString("}")
	return w.String()
}

// mentions gives the unexported types of the package that a declaration's exported part names.
func mentions(obj types.Object, pkg *types.Package) []string {
	lines := map[string]string{}
	declaration(obj, "", lines)
	var found []string
	for _, line := range lines {
		for _, part := range strings.Split(line, pkg.Path()+".")[1:] {
			end := strings.IndexFunc(part, func(r rune) bool {
				return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
			})
			if end >= 0 {
				part = part[:end]
			}
			if _, isType := pkg.Scope().Lookup(part).(*types.TypeName); isType && !token.IsExported(part) {
				found = append(found, part)
			}
		}
	}
	return found
}
