package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// listed is a package as `go list -json` has it.
type listed struct {
	ImportPath   string
	Name         string
	Dir          string
	Standard     bool
	DepOnly      bool
	GoFiles      []string
	TestGoFiles  []string
	XTestGoFiles []string
	ImportMap    map[string]string
	Module       *struct{ Path, Version string }
}

// moduleImporter reads each package that `go list` found once, without function bodies.
type moduleImporter struct {
	listed map[string]*listed
	done   map[string]*types.Package
}

// list runs `go list` in a folder of a module: the packages that the patterns mean and all they and their tests need.
func list(dir string, patterns ...string) (*moduleImporter, []*listed) {
	args := append([]string{"list", "-e", "-deps", "-test", "-json=ImportPath,Name,Dir,Standard,DepOnly,GoFiles,TestGoFiles,XTestGoFiles,ImportMap,Module"}, patterns...)
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GO111MODULE=on")
	cmd.Stderr = os.Stderr
	output, err := cmd.StdoutPipe()
	if err != nil {
		fatal(err)
	}
	if err := cmd.Start(); err != nil {
		fatal(err)
	}
	imp := &moduleImporter{map[string]*listed{}, map[string]*types.Package{"unsafe": types.Unsafe}}
	var wanted []*listed
	for decoder := json.NewDecoder(output); ; {
		pkg := &listed{}
		if err := decoder.Decode(pkg); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			fatal(err)
		}
		// What is built again for a test is there once more by its own name.
		if strings.Contains(pkg.ImportPath, " [") || strings.HasSuffix(pkg.ImportPath, ".test") {
			continue
		}
		imp.listed[pkg.ImportPath] = pkg
		if !pkg.DepOnly {
			wanted = append(wanted, pkg)
		}
	}
	if err := cmd.Wait(); err != nil {
		fatal(err)
	}
	return imp, wanted
}

func fatal(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// Import reads a package by its full path.
func (m *moduleImporter) Import(path string) (*types.Package, error) {
	if pkg, ok := m.done[path]; ok {
		return pkg, nil
	}
	found := m.listed[path]
	if found == nil {
		return nil, fmt.Errorf("%s is not needed by what was listed", path)
	}
	var files []*ast.File
	set := token.NewFileSet()
	for _, name := range found.GoFiles {
		file, err := parser.ParseFile(set, filepath.Join(found.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	config := types.Config{
		Importer:         mapped{m, found.ImportMap},
		IgnoreFuncBodies: true,
		FakeImportC:      true,
		Sizes:            types.SizesFor("gc", runtime.GOARCH),
		Error:            func(error) {},
	}
	pkg, _ := config.Check(path, set, files, nil)
	m.done[path] = pkg
	return pkg, nil
}

// mapped imports as the files of one package do.
type mapped struct {
	types.Importer
	paths map[string]string
}

func (m mapped) Import(path string) (*types.Package, error) {
	if full, ok := m.paths[path]; ok {
		path = full
	}
	return m.Importer.Import(path)
}

// judgeModule prints the types of all packages of the module in a folder, their tests included.
func judgeModule(dir string) {
	imp, wanted := list(dir, "./...")
	for _, pkg := range wanted {
		if pkg.Standard || len(pkg.GoFiles)+len(pkg.TestGoFiles)+len(pkg.XTestGoFiles) == 0 {
			continue
		}
		inside := append(append([]string{}, pkg.GoFiles...), pkg.TestGoFiles...)
		tested := check(imp, pkg.Dir, pkg.ImportPath, inside, false)
		check(withTested{imp, pkg.ImportPath, tested}, pkg.Dir, pkg.ImportPath+"_test", pkg.XTestGoFiles, true)
	}
}

// printModules writes a table of these packages as of the versions that the module in a folder asks for.
func printModules(dir string, paths []string) {
	imp, wanted := list(dir, paths...)
	seen := map[string]*listed{}
	for _, pkg := range wanted {
		seen[pkg.ImportPath] = pkg
	}
	versions := map[string]bool{}
	for _, pkg := range seen {
		if pkg.Module != nil {
			versions[pkg.Module.Path+" "+pkg.Module.Version] = true
		}
	}
	fmt.Fprintf(out, "# What well-known modules export: %s. Written by tests/oracle/types; see table.go for the format.\n", strings.Join(sorted(versions), ", "))
	for _, path := range sorted(seen) {
		pkg, err := imp.Import(path)
		if err != nil {
			fatal(err)
		}
		printPackage(path, pkg.Name(), declarations(pkg), nil)
	}
}
