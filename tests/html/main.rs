//! The page of `--format html` as a reviewer uses it: in a browser, by keyboard and by pointer. Chromium is asked for by
//! `GOMEND_REQUIRE_ALL` alone; where it is missing the tests say that they were not run.
#![cfg(unix)]

mod browser;
mod pages;
#[path = "../support/mod.rs"]
mod support;

use std::{fmt::Write as _, fs};

use pages::{A, WIDE, browser, listed, page, small, small_page};
use serde_json::json;
use support::TestRepo;

#[test]
fn search_and_filters_narrow_the_list() {
    let Some(mut browser) = browser(WIDE) else {
        return;
    };
    let repo = small();
    browser.open(&small_page(&repo));
    let all = listed(&mut browser);
    assert_eq!(
        all,
        [
            "migrate/any 8:11",
            "context/cancel-discarded 11:2",
            "migrate/any 3:26",
            "migrate/any 3:39"
        ]
    );
    browser.press(&["/"]);
    browser.type_text("withTIMEOUT safe");
    assert_eq!(listed(&mut browser), ["context/cancel-discarded 11:2"]);
    let shown = browser.eval("document.getElementById('shown').textContent");
    assert_eq!(shown, json!("1 of 4 findings"));
    browser.type_text(" nowhere");
    assert_eq!(listed(&mut browser), [""; 0]);
    browser.press(&["Escape"]);
    assert_eq!(listed(&mut browser), all);
    browser.press(&["Escape"]);
    assert_eq!(
        browser.eval("document.activeElement.tagName"),
        json!("BODY")
    );

    // A bar of a chart filters, and its chart keeps the other bars.
    let bar = |name: &str| format!("document.querySelector('[data-key=\"{name}\"]')");
    browser.eval(&format!("{}.click()", bar("package/b")));
    assert_eq!(listed(&mut browser), all[2..]);
    let pressed = format!("{}.ariaPressed", bar("package/b"));
    assert_eq!(browser.eval(&pressed), json!("true"));
    let counts = "['package/a', 'package/b'].map((key) => document.querySelector(`[data-key=\"${key}\"] .count`).textContent)";
    assert_eq!(browser.eval(counts), json!(["2", "2"]));
    browser.eval(
        "(() => { const list = document.getElementById('filter-codemod'); list.value = 'context/cancel-discarded';
          list.dispatchEvent(new Event('change')); })()",
    );
    assert_eq!(listed(&mut browser), [""; 0]);
    browser.eval("document.getElementById('clear').click()");
    assert_eq!(listed(&mut browser), all);

    browser.press(&["g"]);
    let groups = browser.eval(
        "[...document.querySelectorAll('.group')].map((group) => group.querySelector('h3').firstChild.textContent)",
    );
    assert_eq!(groups, json!(["context/cancel-discarded", "migrate/any"]));
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn what_is_suppressed_is_shown_where_it_is_asked_for() {
    let Some(mut browser) = browser(WIDE) else {
        return;
    };
    let repo = small();
    let hidden = A.replace(
        "var first",
        "//gomend:ignore migrate/any as <b>measured</b>\nvar first",
    );
    repo.write("a/a.go", hidden);
    browser.open(&small_page(&repo));
    let all = listed(&mut browser);
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(!all.contains(&"migrate/any 9:11".to_owned()), "{all:?}");
    assert_eq!(
        browser.eval("document.querySelector('.big').textContent"),
        json!("3 findings")
    );
    browser.eval("document.querySelector('[data-key=\"status/suppressed\"]').click()");
    assert_eq!(listed(&mut browser), ["migrate/any 9:11"]);
    browser.press(&["j", "o"]);
    assert_eq!(
        browser.eval("document.querySelector('.finding.open .reason').textContent"),
        json!("Why: as <b>measured</b>")
    );
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn last_authors_are_shown_where_they_are_asked_for() {
    let Some(mut browser) = browser(WIDE) else {
        return;
    };
    let repo = small();
    let commit = repo.commit("Begin");
    repo.write("c/c.go", "package c\n\nvar third interface{}\n");
    repo.git(&["add", "-A"]);
    repo.git(&[
        "commit",
        "-q",
        "--author",
        "Bob <bob@example.org>",
        "-m",
        "Go on",
    ]);
    repo.write("d/d.go", "package d\n\nvar fourth interface{}\n");
    let which = ["-c", "migrate/any", "-c", "context/cancel-discarded"];
    browser.open(&page(&repo, &[&which[..], &["--blame"]].concat()));
    let bars = browser.eval(
        "[...document.querySelectorAll('.chart:nth-child(3) .bar')].map((bar) => bar.dataset.key + ' ' + bar.querySelector('.count').textContent)",
    );
    assert_eq!(
        bars,
        json!([
            "author/Test Author 4",
            "author/Bob 1",
            "author/Not committed yet 1"
        ])
    );
    browser.press(&["g", "g"]);
    let groups = browser.eval(
        "[...document.querySelectorAll('.group')].map((group) => group.querySelector('h3').firstChild.textContent + ' ' + group.querySelectorAll('.finding').length)",
    );
    assert_eq!(
        groups,
        json!(["Bob 1", "Not committed yet 1", "Test Author 4"])
    );
    browser.press(&["j", "j", "j", "o"]);
    let origin = browser.eval("document.querySelector('.finding.open .origin').textContent");
    let origin = origin.as_str().expect("a text");
    let expected = format!(
        "Last authorTest Author <author@example.org>Commit{}Date2024-01-02T03:04:05+00:00",
        &commit[..12]
    );
    assert!(origin.contains(&expected), "{origin}");
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn the_same_findings_are_the_same_bytes_at_any_number_of_jobs() {
    let repo = small();
    let with = |jobs: &str| {
        fs::read(page(&repo, &["--all", "--unsafe", "-j", jobs])).expect("it was written")
    };
    let (one, eight) = (with("1"), with("8"));
    assert!(one == eight, "{} and {} bytes", one.len(), eight.len());
}

#[test]
fn the_keyboard_opens_findings_and_their_changes_stand_side_by_side() {
    let Some(mut browser) = browser(WIDE) else {
        return;
    };
    let repo = small();
    browser.open(&small_page(&repo));
    browser.press(&["j", "j", "o"]);
    let focus = "document.activeElement.closest('.finding')";
    let about = browser.eval(&format!("{focus}.querySelector('.place').textContent"));
    assert_eq!(about, json!("11:2"));
    assert_eq!(
        browser.eval("getComputedStyle(document.activeElement).outlineStyle"),
        json!("solid"),
        "one sees where the focus is"
    );
    let rows = browser.eval(
        "[...document.querySelectorAll('.finding.open .diff tr.changed')].map((row) => ['.old', '.new'].map((side) => {
          const cell = row.querySelector('.code' + side);
          const { left, right, top } = cell.getBoundingClientRect();
          return { text: cell.textContent, words: [...cell.querySelectorAll('.word')].map((word) => word.textContent).join(''),
            left, right, top };
        }))",
    );
    let text = |row: usize, side: usize| rows[row][side]["text"].clone();
    assert_eq!(
        text(0, 0),
        json!("\tctx, _ := context.WithTimeout(parent, time.Second)")
    );
    assert_eq!(
        text(0, 1),
        json!("\tctx, cancel := context.WithTimeout(parent, time.Second)")
    );
    assert_eq!(
        (text(1, 0), text(1, 1)),
        (json!(""), json!("\tdefer cancel()"))
    );
    assert_eq!(
        (&rows[0][0]["words"], &rows[0][1]["words"]),
        (&json!("_"), &json!("cancel"))
    );
    let at = |side: usize, edge: &str| rows[0][side][edge].as_f64().expect("a number");
    assert!((at(0, "top") - at(1, "top")).abs() < 0.5, "{rows}");
    assert!(at(0, "right") <= at(1, "left"), "{rows}");
    let keyword = "getComputedStyle(document.querySelector('.finding.open .diff .keyword')).color";
    assert_ne!(
        browser.eval(keyword),
        browser.eval("getComputedStyle(document.body).color")
    );

    // The next one by Enter, which is the button's own; its explanation; and back.
    browser.press(&["j", "Enter"]);
    let open = "document.querySelectorAll('.finding.open').length";
    assert_eq!(browser.eval(open), json!(2));
    browser.press(&["e"]);
    let heading = format!("{focus}.querySelector('.explanation[open] .explained h4').textContent");
    assert_eq!(browser.eval(&heading), json!("What it finds"));
    browser.press(&["k", "o", "Escape"]);
    assert_eq!(browser.eval(open), json!(1));
    browser.press(&["?"]);
    assert_eq!(
        browser.eval("document.getElementById('help').open"),
        json!(true)
    );
    browser.press(&["Escape"]);
    assert_eq!(
        browser.eval("document.getElementById('help').open"),
        json!(false)
    );

    // A link to a finding opens it.
    browser.eval(&format!("location.hash = '#' + {focus}.id"));
    assert_eq!(browser.eval(open), json!(2));
    assert_eq!(browser.complaints(), [""; 0]);
}

/// The texts of the page that stand out less than level AA of WCAG 2.2 asks (success criterion 1.4.3).
const FAINT_TEXTS: &str = "(() => {
  const parse = (color) => { const [r, g, b, a = 1] = color.match(/[\\d.]+/g).map(Number); return { r, g, b, a }; };
  const over = (top, below) => Object.fromEntries(['r', 'g', 'b'].map((k) => [k, top[k] * top.a + below[k] * (1 - top.a)]).concat([['a', 1]]));
  const ground = (node) => node ? over(parse(getComputedStyle(node).backgroundColor), ground(node.parentElement)) : { r: 255, g: 255, b: 255, a: 1 };
  const light = ({ r, g, b }) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const faint = new Set();
  let seen = 0;
  for (const node of document.querySelectorAll('body *')) {
    const says = [...node.childNodes].some((child) => child.nodeType === Node.TEXT_NODE && child.data.trim());
    if (!says || !node.checkVisibility() || node.matches('script, option')) continue;
    seen += 1;
    const [a, b] = [light(over(parse(getComputedStyle(node).color), ground(node))), light(ground(node))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) faint.add(`${node.tagName}.${node.className}: ${ratio.toFixed(2)}`);
  }
  return { seen, faint: [...faint] };
})()";

#[test]
fn every_text_stands_out_in_light_and_in_dark() {
    let Some(mut browser) = browser(WIDE) else {
        return;
    };
    let repo = TestRepo::new();
    let demo = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/demo");
    for file in ["go.mod", "main.go", "notify/notify.go", "store/store.go"] {
        let text = fs::read(format!("{demo}/{file}")).expect("a file of the demo");
        repo.write(file, text);
    }
    repo.write(
        "odd.go",
        "package main\n\n// a\u{202e}b\nvar a, b interface{} = 1.5, \"c\"\n",
    );
    let file = page(&repo, &["--all", "--unsafe", "-q"]);
    let ground = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0]";
    let mut grounds = Vec::new();
    for scheme in ["light", "dark"] {
        browser.prefer(scheme);
        browser.open(&file);
        browser.eval(
            "document.getElementById('open-all').click(); for (const node of document.querySelectorAll('details')) node.open = true;
             for (const node of document.querySelectorAll('.toggle')) node.ariaPressed = 'true'",
        );
        // Explanations are drawn when their element says that it was opened.
        browser.eval("new Promise((done) => setTimeout(() => done(null), 0))");
        let faint = browser.eval(FAINT_TEXTS);
        assert_eq!(faint["faint"], json!([]), "{scheme}");
        assert!(faint["seen"].as_u64() > Some(500), "{faint}");
        grounds.push(browser.eval(ground).as_u64().expect("a number"));
    }
    assert!(grounds[0] > 200 && grounds[1] < 60, "{grounds:?}");
    // What the reader asks for wins over the system, and lasts.
    browser.press(&["t"]);
    assert_eq!(browser.eval(ground), json!(grounds[0]));
    browser.press(&["t", "t"]);
    assert_eq!(browser.eval(ground), json!(grounds[1]));
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn nothing_that_a_repository_or_a_codemod_holds_runs_or_hides() {
    let Some(mut browser) = browser(WIDE) else {
        return;
    };
    let hostile = "</script><script>window.hit=1</script><img src=x onerror=window.hit=1><!--\u{202e}\u{200b}";
    let codemod = format!(
        "summary = '{hostile}'\ndescription = '''\n{hostile}\n\n[a](javascript:window.hit=1)\n'''\ntags = ['t']\napplicability = 'display'\n\
         [[rule]]\nname = 'r'\nmessage = '{hostile} @x'\npattern = 'print(@x)'\n"
    );
    let repo = TestRepo::new();
    let file = repo.beside("codemods/odd/hostile.toml");
    support::write(&repo.root, &file, codemod);
    let source = format!("package p\n\nfunc f() {{\n\t// {hostile}\n\tprint(\"{hostile}\")\n}}\n");
    let name = "<img src=x onerror=window.hit=1>\u{202e}'\".go";
    repo.write(name, &source);
    let file = file.to_str().expect("temporary folders have plain names");
    browser.open(&page(&repo, &["-c", file]));
    browser.press(&["j", "o", "e"]);
    let code = browser.eval(
        "[...document.querySelectorAll('.finding.open .source .code')].map((cell) => cell.textContent)",
    );
    let shown = hostile
        .replace('\u{202e}', "U+202E")
        .replace('\u{200b}', "U+200B");
    let (comment, call) = (format!("\t// {shown}"), format!("\tprint(\"{shown}\")"));
    assert_eq!(code, json!(["", "func f() {", comment, call, "}"]));
    let heading = browser.eval("document.querySelector('.group h3 bdi').textContent");
    assert_eq!(heading, json!(name.replace('\u{202e}', "U+202E")));
    let explained = browser.eval("document.querySelector('.explained').innerHTML");
    let explained = explained.as_str().expect("a text");
    assert!(
        explained.contains("&lt;script&gt;window.hit=1"),
        "{explained}"
    );
    let found = browser.eval(
        "({ hit: window.hit === undefined, images: document.images.length, scripts: document.scripts.length,
            links: document.querySelectorAll('a[href^=javascript]').length,
            unseen: /[\\u202e\\u200b]/.test(document.body.innerText) })",
    );
    assert_eq!(
        found,
        json!({"hit": true, "images": 0, "scripts": 2, "links": 0, "unseen": false})
    );
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn a_narrow_screen_has_all_of_it_below_each_other() {
    let Some(mut browser) = browser((360, 740)) else {
        return;
    };
    let repo = small();
    browser.open(&small_page(&repo));
    browser.eval("document.getElementById('open-all').click()");
    let wide = browser.eval(
        "[...document.querySelectorAll('body *')].filter((node) => node.getBoundingClientRect().right > innerWidth + 1 && !node.closest('.gap, .skip'))
          .map((node) => node.outerHTML.slice(0, 80))",
    );
    assert_eq!(wide, json!([]));
    let below = browser.eval(
        "(() => { const row = document.querySelector('.diff tr.changed');
          return row.querySelector('.old.code').getBoundingClientRect().bottom <= row.querySelector('.new.code').getBoundingClientRect().top; })()",
    );
    assert_eq!(below, json!(true));
    assert_eq!(browser.complaints(), [""; 0]);
}

#[test]
fn two_thousand_findings_are_painted_at_once_and_drawn_in_full_later() {
    let Some(mut browser) = browser(WIDE) else {
        return;
    };
    let repo = TestRepo::new();
    repo.write("go.mod", "module example.com/m\n\ngo 1.25\n");
    for file in 0..100 {
        let mut text = "package p\n\nimport (\n\t\"context\"\n\t\"time\"\n)\n".to_owned();
        for function in 0..20 {
            write!(
                text,
                "\n// F{function} asks.\nfunc F{function}(parent context.Context) error {{\n\tctx, _ := context.WithTimeout(parent, {function}*time.Second)\n\treturn ctx.Err()\n}}\n"
            )
            .expect("writing to a string cannot fail");
        }
        repo.write(format!("p{file:02}/p.go"), text);
    }
    let file = page(&repo, &["-c", "context/cancel-discarded", "-q"]);
    browser.open(&file);
    let paint = browser.eval(
        "performance.getEntriesByName('first-contentful-paint').map((entry) => entry.startTime)[0] ?? null",
    );
    let paint = paint.as_f64().expect("the page was painted");
    let size = fs::metadata(&file).expect("it was written").len();
    println!(
        "2,000 findings: first paint after {paint:.0} ms, {} KiB",
        size / 1024
    );
    assert!(paint < 10_000.0, "{paint}");
    let drawn = browser.eval(
        "new Promise((done) => { const look = () => document.querySelectorAll('.finding').length === 2000 ? done(true) : setTimeout(look, 20); look(); })",
    );
    assert_eq!(drawn, json!(true));
    assert_eq!(
        browser.eval("document.querySelectorAll('.diff, .explained').length"),
        json!(0),
        "changes are drawn when they are opened"
    );
    browser.press(&["/"]);
    browser.type_text("p42/p.go f7(");
    browser.press(&["Escape", "Escape", "/"]);
    browser.type_text("p42/ 17*time");
    assert_eq!(listed(&mut browser), ["context/cancel-discarded 112:2"]);
    assert_eq!(browser.complaints(), [""; 0]);
}
