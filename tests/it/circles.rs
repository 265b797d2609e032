//! Files that need each other in a ring can't be read one after the other: no ring has more than two files.
//!
//! A folder's `mod.rs` composes its files and holds what they share: a file that takes something from its own
//! folder's face closes no ring.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms and folders whose rings still stand; none may be added.
const ALLOWED: [&str; 2] = ["src/import/", "src/config/"];
/// Longest ring of files that is allowed.
const FILES_MAX: usize = 2;
/// How many re-exports are followed to find where a name is defined.
const HOPS_MAX: usize = 8;

type Module = Vec<String>;

/// A name that a file brings in by `use`.
struct Import {
    alias: String,
    path: Vec<String>,
    hands_on: bool,
}

/// One source file.
struct Source {
    file: PathBuf,
    imports: Vec<Import>,
    /// paths written out in the code: `crate::a::b`, `super::c`, `module::d`
    written: Vec<Vec<String>>,
}

/// All source files by the module that each is.
struct House(BTreeMap<Module, Source>);

impl House {
    fn read(src: &Path) -> Self {
        let mut modules = BTreeMap::new();
        let mut waiting = vec![src.to_owned()];
        while let Some(dir) = waiting.pop() {
            for entry in fs::read_dir(&dir).unwrap() {
                let file = entry.unwrap().path();
                if file.is_dir() {
                    waiting.push(file);
                } else if file.extension().is_some_and(|end| end == "rs") && !is_test(&file) {
                    let text = fs::read_to_string(&file).unwrap();
                    let (imports, written) = read(&text);
                    modules.insert(module(src, &file), Source { file, imports, written });
                }
            }
        }
        Self(modules)
    }

    /// The module in which the last name of a path is defined; `None` for other crates.
    fn defined_in(&self, from: &Module, path: &[String], hops: usize) -> Option<Module> {
        let mut rest = path;
        let mut at = match rest.first()?.as_str() {
            "crate" => {
                rest = &rest[1..];
                Module::new()
            }
            "self" => {
                rest = &rest[1..];
                from.clone()
            }
            "super" => {
                let mut at = from.clone();
                while rest.first().is_some_and(|name| name == "super") {
                    at.pop()?;
                    rest = &rest[1..];
                }
                at
            }
            name if self.child(from, name).is_some() => from.clone(),
            name => {
                let import = self.0.get(from)?.imports.iter().find(|import| import.alias == name)?;
                if rest.len() == 1 || hops == 0 {
                    return None;
                }
                let module = self.module_of(from, &import.path, hops - 1)?;
                rest = &rest[1..];
                module
            }
        };
        for (place, name) in rest.iter().enumerate() {
            if let Some(child) = self.child(&at, name) {
                at = child;
                continue;
            }
            let handed_on = self.0.get(&at)?.imports.iter().find(|import| import.alias == *name);
            return match handed_on {
                Some(import) if hops > 0 => {
                    let whole = [import.path.as_slice(), &rest[place + 1..]].concat();
                    self.defined_in(&at, &whole, hops - 1).or(Some(at))
                }
                Some(_) | None => Some(at),
            };
        }
        None
    }

    /// The module that a path names, where it names one.
    fn module_of(&self, from: &Module, path: &[String], hops: usize) -> Option<Module> {
        let mut probe = path.to_vec();
        // A name that no module defines: what is left is the module itself.
        probe.push("?".to_owned());
        self.defined_in(from, &probe, hops)
    }

    fn child(&self, of: &Module, name: &str) -> Option<Module> {
        let mut child = of.clone();
        child.push(name.to_owned());
        self.0.contains_key(&child).then_some(child)
    }

    /// Which module needs which, and for what.
    fn arrows(&self) -> BTreeMap<Module, BTreeMap<Module, BTreeSet<String>>> {
        let mut arrows: BTreeMap<Module, BTreeMap<Module, BTreeSet<String>>> = BTreeMap::new();
        for (from, source) in &self.0 {
            let own = source.imports.iter().filter(|import| !import.hands_on).map(|import| &import.path);
            for path in own.chain(&source.written) {
                if let Some(to) = self.defined_in(from, path, HOPS_MAX).filter(|to| !from.starts_with(to)) {
                    let name = path.last().cloned().unwrap_or_default();
                    arrows.entry(from.clone()).or_default().entry(to).or_default().insert(name);
                }
            }
        }
        arrows
    }

    fn rings(&self) -> Vec<String> {
        let arrows = self.arrows();
        let reach: BTreeMap<&Module, BTreeSet<&Module>> =
            self.0.keys().map(|module| (module, reached(&arrows, module))).collect();
        let mut seen = BTreeSet::new();
        let mut rings = Vec::new();
        for module in self.0.keys() {
            let ring: Vec<&Module> = std::iter::once(module)
                .chain(reach[module].iter().copied().filter(|other| *other != module))
                .filter(|other| *other == module || reach[other].contains(module))
                .collect();
            if ring.len() <= FILES_MAX || !ring.iter().all(|one| seen.insert((*one).clone())) {
                continue;
            }
            if ring.iter().all(|one| ALLOWED.iter().any(|room| self.name(one).starts_with(room))) {
                continue;
            }
            let mut words = format!("a ring of {} files:", ring.len());
            for from in &ring {
                for (to, names) in arrows.get(*from).into_iter().flatten().filter(|(to, _)| ring.contains(to))
                {
                    let _ = write!(words, "\n  {} -> {}: {names:?}", self.name(from), self.name(to));
                }
            }
            rings.push(words);
        }
        rings
    }

    fn name(&self, module: &Module) -> String {
        let file = &self.0[module].file;
        file.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap_or(file).display().to_string()
    }
}

fn reached<'a>(
    arrows: &'a BTreeMap<Module, BTreeMap<Module, BTreeSet<String>>>,
    from: &Module,
) -> BTreeSet<&'a Module> {
    let mut found = BTreeSet::new();
    let mut waiting: Vec<&Module> = arrows.get(from).into_iter().flat_map(BTreeMap::keys).collect();
    while let Some(module) = waiting.pop() {
        if found.insert(module) {
            waiting.extend(arrows.get(module).into_iter().flat_map(BTreeMap::keys));
        }
    }
    found
}

fn is_test(file: &Path) -> bool {
    file.components().any(|part| part.as_os_str() == "tests")
        || file.file_stem().is_some_and(|stem| {
            let stem = stem.to_string_lossy();
            matches!(&*stem, "tests" | "fixtures" | "main")
                || stem.ends_with("_oracle")
                || stem.ends_with("_tests")
        })
}

fn module(src: &Path, file: &Path) -> Module {
    let inside = file.strip_prefix(src).unwrap().with_extension("");
    let mut names: Module =
        inside.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|name| name == "mod" || name == "lib") {
        names.pop();
    }
    names
}

/// What a file imports, and the paths that its code writes out.
fn read(text: &str) -> (Vec<Import>, Vec<Vec<String>>) {
    let body = text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text);
    let lines: Vec<&str> = body.lines().map(|line| line.split("//").next().unwrap_or(line)).collect();
    let (mut imports, mut written, mut statement) = (Vec::new(), Vec::new(), String::new());
    for line in lines {
        let trimmed = line.trim();
        let plain = trimmed.strip_prefix("pub").map_or(trimmed, |rest| {
            let rest = rest.trim_start();
            rest.strip_prefix('(')
                .and_then(|rest| rest.split_once(')'))
                .map_or(rest, |(_, rest)| rest)
                .trim_start()
        });
        if statement.is_empty() && !plain.starts_with("use ") {
            written.extend(paths(line));
            continue;
        }
        if statement.is_empty() {
            statement.push_str(if trimmed.starts_with("pub") { "pub " } else { "" });
            statement.push_str(plain.trim_start_matches("use "));
        } else {
            statement.push_str(trimmed);
        }
        if trimmed.ends_with(';') {
            let hands_on = statement.starts_with("pub ");
            let tree = statement.trim_start_matches("pub ").trim_end_matches(';');
            leaves(&[], tree, hands_on, &mut imports);
            statement.clear();
        }
    }
    (imports, written)
}

/// The names of a `use` tree.
fn leaves(before: &[String], tree: &str, hands_on: bool, found: &mut Vec<Import>) {
    let tree = tree.trim();
    if let Some((head, rest)) = tree.split_once('{') {
        let mut path = before.to_vec();
        path.extend(head.split("::").map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned));
        let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
        let (mut depth, mut from) = (0_usize, 0);
        for (place, letter) in inner.char_indices().chain([(inner.len(), ',')]) {
            match letter {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    leaves(&path, &inner[from..place], hands_on, found);
                    from = place + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let (path, alias) =
        tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim())));
    let mut whole = before.to_vec();
    whole.extend(path.split("::").map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned));
    if whole.last().is_some_and(|name| name == "self") {
        whole.pop();
    }
    if let Some(last) = whole.last() {
        let alias = alias.unwrap_or(last).to_owned();
        found.push(Import { alias, path: whole, hands_on });
    }
}

/// Paths of two names and more, as written.
fn paths(line: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    for word in line.split(|c: char| !is_name(c) && c != ':') {
        let names: Vec<String> =
            word.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect();
        if names.len() > 1 && names.iter().all(|name| name.chars().all(is_name)) {
            found.push(names);
        }
    }
    found
}

#[test]
fn no_ring_of_files_is_longer_than_two() {
    let house = House::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    let rings = house.rings();
    assert!(rings.is_empty(), "{}", rings.join("\n"));
}

#[test]
fn a_ring_through_a_name_that_is_handed_on_is_seen() {
    let source = |text: &str| {
        let (imports, written) = read(text);
        Source { file: PathBuf::new(), imports, written }
    };
    let house = House(BTreeMap::from([
        (vec![], source("pub mod a;\npub mod b;\npub mod c;")),
        (
            vec!["a".to_owned()],
            source("mod inner;\npub use inner::Thing;\nuse crate::b::{Other, deep::{self, More}};"),
        ),
        (vec!["a".to_owned(), "inner".to_owned()], source("use crate::b::Other;\npub struct Thing(Other);")),
        (vec!["b".to_owned()], source("pub struct Other;\nfn f() { crate::c::g() }")),
        (vec!["c".to_owned()], source("use crate::a;\npub fn g() { a::Thing }")),
    ]));
    let rings = house.rings();
    assert_eq!(rings.len(), 1, "{rings:?}");
    assert!(rings[0].starts_with("a ring of 3 files:"), "{rings:?}");
}
