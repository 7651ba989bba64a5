use gomend::{
    codemod::{
        catalogue,
        selection::{Request, select},
    },
    prefilter::Prefilter,
};
use std::{collections::BTreeMap, fs, time::Instant};
fn main() {
    let sel = select(&Request {
        all: std::env::args().nth(2).is_some(),
        ..Request::default()
    })
    .unwrap();
    let cms = sel.codemods;
    let _ = catalogue::shipped_texts().count();
    let pf = Prefilter::new(&cms);
    let dbg = format!("{:?}", pf);
    for piece in dbg.split("RuleRef {").skip(1) {
        if piece.contains("is_spread: true") {
            let n: Vec<usize> = piece
                .split(|c: char| !c.is_ascii_digit())
                .filter(|x| !x.is_empty())
                .take(2)
                .map(|x| x.parse().unwrap())
                .collect();
            println!("spread {} {}", cms[n[0]].id, cms[n[0]].rules[n[1]].name);
        }
    }
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut files, mut cand, mut bytes, mut cb, mut db, mut spread) = (0, 0, 0, 0, 0, 0);
    let mut stack = vec![std::path::PathBuf::from(std::env::args().nth(1).unwrap())];
    let mut texts = vec![];
    while let Some(d) = stack.pop() {
        for e in fs::read_dir(d).unwrap().flatten() {
            let p = e.path();
            let n = p.file_name().unwrap().to_str().unwrap().to_owned();
            if p.is_dir() {
                if n != "testdata" && n != "vendor" && !n.starts_with('.') {
                    stack.push(p)
                }
            } else if n.ends_with(".go") {
                if let Ok(t) = fs::read_to_string(&p) {
                    if !gomend::select::is_generated(t.as_bytes()) {
                        texts.push(t)
                    }
                }
            }
        }
    }
    let mut surv: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let (mut sf, mut sb, mut nf, mut nb) = (0, 0, 0, 0);
    let t0 = Instant::now();
    for t in &texts {
        files += 1;
        bytes += t.len();
        let c = pf.candidates(t);
        if c.rules.is_empty() {
            continue;
        }
        cand += 1;
        cb += t.len();
        match &c.declarations {
            None => {
                spread += 1;
                db += t.len()
            }
            Some(d) => db += d.iter().map(|r| r.len()).sum::<usize>(),
        }
        if let Some(d) = &c.declarations {
            if d.iter().map(|r| r.len()).sum::<usize>() * 2 <= t.len() {
                let tt: std::sync::Arc<str> = t.as_str().into();
                let parsed = gomend::go::syntax::Parsed::parts(tt, d);
                let ctx = gomend::matcher::FileContext {
                    path: std::path::Path::new("x.go").into(),
                    go: gomend::go::version::Version::parse("1.26"),
                    generated: false,
                };
                let facts = gomend::matcher::Facts::new(&parsed, &ctx);
                let outline = gomend::matcher::outline::Outline::new(&parsed, None);
                let mut any = false;
                for r in &c.rules {
                    if gomend::matcher::may_match(
                        &cms[r.codemod].rules[r.rule].query,
                        &facts,
                        &outline,
                    ) {
                        any = true;
                        let k = format!(
                            "{} {}",
                            cms[r.codemod].id, cms[r.codemod].rules[r.rule].name
                        );
                        let e = surv.entry(k).or_default();
                        e.0 += 1;
                        e.1 += t.len();
                    }
                }
                if any {
                    sf += 1;
                    sb += t.len();
                }
            } else {
                nf += 1;
                nb += t.len();
            }
        }
        for r in &c.rules {
            let k = format!(
                "{} {}",
                cms[r.codemod].id, cms[r.codemod].rules[r.rule].name
            );
            let e = counts.entry(k).or_default();
            e.0 += 1;
            e.1 += t.len();
        }
    }
    println!(
        "{files} files {bytes} bytes; candidates {cand} files {cb} bytes; decl bytes {db}; spread {spread}; {:?}",
        t0.elapsed()
    );
    let mut v: Vec<_> = counts.into_iter().collect();
    v.sort_by_key(|x| std::cmp::Reverse(x.1.0));
    println!("survivors {sf} {sb}; not narrowed {nf} {nb}");
    let mut w: Vec<_> = surv.into_iter().collect();
    w.sort_by_key(|x| std::cmp::Reverse(x.1.0));
    for (k, (n, b)) in w.iter().take(45) {
        println!("S {n:6} {b:10} {k}");
    }
    for (k, (n, b)) in v.iter().take(5) {
        println!("{n:6} {b:10} {k}");
    }
}
#[allow(dead_code)]
fn x() {}
