//! `docs/architecture.md` holds one table of everything that could grow or run on: this holds the table
//! to the sources, row by row.
//!
//! The sources are read as text, as rustfmt leaves it: comments and tests are cut off, and then the
//! fields, statics and aliases whose type keeps many things, and the calls that start something, are
//! counted by file. A row that no source has, and a source that no row has, both fail.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use monban_axum::background::PARTS;

/// What a row is about, and the words by which the sources say so.
const CALLS: [(&str, &[&str]); 3] = [
    ("channel", &["channel(", "channel::<"]),
    (
        "task",
        &[
            "tokio::spawn(",
            "task::spawn(",
            ".spawn(",
            "thread::spawn(",
            " spawn(",
            "spawn_blocking(",
            "spawn_local(",
            "spawn_on(",
        ],
    ),
    // Of those with a condition, those that wait for something.
    (
        "loop",
        &["loop {", "while let", "interval(", "interval_at("],
    ),
];
const TYPES: [(&str, &[&str]); 3] = [
    ("map", &["Map<", "Set<"]),
    (
        "queue",
        &["VecDeque<", "Mutex<Vec<", "RwLock<Vec<", "BinaryHeap<"],
    ),
    ("cache", &["Cache<"]),
];
/// What a type of ours is called that ends like one of those.
const NO_CONTAINERS: [&str; 2] = ["JoinSet<", "SubscriptionSet<"];

/// How many of a kind there are in a file.
type Counts = BTreeMap<(String, String), usize>;

/// The page's rows: what, kind, bound or period, how it ends, file.
fn rows() -> Vec<[String; 5]> {
    let page = fs::read_to_string(root().join("docs/architecture.md")).unwrap();
    let (_, table) = page.split_once("<!-- bounds -->\n").unwrap();
    let (table, _) = table.split_once("<!-- /bounds -->").unwrap();
    let rows = table.lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells: Vec<_> = row.trim_matches('|').split('|').map(str::trim).collect();
        let cells: [&str; 5] = cells.try_into().unwrap();
        cells.map(str::to_owned)
    })
    .collect()
}

#[test]
fn whatever_could_grow_or_run_on_has_a_row_with_its_bound() {
    let mut documented = Counts::new();
    for [what, kind, bound, _, file] in rows() {
        assert!(!what.is_empty() && !bound.is_empty(), "{what} {file}");
        if kind != "part" {
            *documented.entry((file.replace('`', ""), kind)).or_default() += 1;
        }
    }
    let found = scan();
    let rows = |place| documented.get(place).copied().unwrap_or_default();
    let sources = |place| found.get(place).copied().unwrap_or_default();
    let places = found.keys().chain(documented.keys());
    let differ: BTreeMap<_, _> = places
        .map(|place| (place, (sources(place), rows(place))))
        .filter(|(_, (sources, rows))| sources != rows)
        .collect();
    assert!(
        differ.is_empty(),
        "how many the sources have, and how many rows: {differ:#?}"
    );
}

#[test]
fn what_runs_on_is_a_part_of_the_supervised_work_or_says_how_it_ends() {
    let rows = rows();
    let parts: Vec<_> = rows.iter().filter(|row| row[1] == "part").collect();
    assert_eq!(parts.len(), PARTS.len());
    for (row, part) in parts.iter().zip(PARTS) {
        let period = format!("{} s", part.period.as_secs());
        assert!(row[0].starts_with(&format!("`{}`", part.name)), "{row:?}");
        assert!(row[2].contains(&period), "{row:?}");
        assert_eq!(row[4], "`kit/axum/src/background.rs`");
    }
    for row in rows.iter().filter(|row| row[1] != "part") {
        let runs = row[1] == "loop" || row[1] == "task";
        assert!(!runs || row[3].len() > 3, "how does it end? {row:?}");
    }
}

/// The scan sees what it must see, and nothing else.
#[test]
fn the_scan_tells_what_is_kept_from_what_passes() {
    let source = "
struct Kept {
    sessions: RwLock<HashMap<SessionId, Note>>,
    audit: Mutex<Vec<AuditEntry>>,
    plain: Vec<u8>,
}

pub(crate) struct Tuple(Mutex<BTreeSet<u8>>);

static TEXTS: LazyLock<HashMap<u8, u8>> = LazyLock::new(|| {
    let local: HashMap<u8, u8> = HashMap::new();
    local
});

type Alias = HashMap<u8, VecDeque<u8>>;

// struct Comment(HashMap<u8, u8>);
fn passes(map: &HashMap<u8, u8>) -> VecDeque<u8> {
    let set: HashSet<u8> = HashSet::new();
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        loop {
            sleep(SECOND).await;
        }
    });
    parts.spawn(work);
}

#[cfg(test)]
mod tests {
    struct Test(HashMap<u8, u8>);
}
";
    let mut counts = Counts::new();
    count_in("x.rs", source, &mut counts);
    let count = |kind: &str| {
        let place = ("x.rs".to_owned(), kind.to_owned());
        counts.get(&place).copied().unwrap_or_default()
    };
    let kinds = ["map", "queue", "cache", "channel", "task", "loop"];
    assert_eq!(kinds.map(count), [4, 2, 0, 1, 2, 1]);
}

fn scan() -> Counts {
    let mut counts = Counts::new();
    for room in [
        "kit/auth",
        "kit/wire",
        "kit/leptos",
        "kit/axum",
        "learn",
        "app",
        "server",
        "frontend",
    ] {
        let mut files = Vec::new();
        sources(&root().join(room).join("src"), &mut files);
        assert!(!files.is_empty(), "{room}");
        for file in files {
            let name = file.strip_prefix(root()).unwrap().to_str().unwrap();
            count_in(name, &fs::read_to_string(&file).unwrap(), &mut counts);
        }
    }
    counts
}

/// Every source file but those of tests.
fn sources(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // The settings are read once at the start, and a command ends.
        let passes = ["tests", "tests.rs", "settings", "cli"];
        if passes.iter().any(|name| path.ends_with(name)) {
            continue;
        }
        if path.is_dir() {
            sources(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn count_in(file: &str, source: &str, counts: &mut Counts) {
    let mut count = |kind: &str, found: usize| {
        if found > 0 {
            let place = (file.to_owned(), kind.to_owned());
            *counts.entry(place).or_default() += found;
        }
    };
    // Until where the item goes on whose type is looked at.
    let mut item_ends: Option<String> = None;
    for line in source.lines() {
        if line.trim_start() == "mod tests {" {
            break;
        }
        let code = line.split("//").next().unwrap_or_default();
        for (kind, words) in CALLS {
            let is_called = words.iter().any(|word| code.contains(word))
                || kind == "loop" && code.contains("while ") && code.contains(".await");
            // A oneshot holds one answer; a method of that name is none; a definition is no call.
            let is_other = ["oneshot::channel", ".channel(", "fn "];
            let is_other = is_other.iter().any(|word| code.contains(word));
            count(kind, usize::from(is_called && !is_other));
        }
        let indent: String = code.chars().take_while(|c| *c == ' ').collect();
        let is_static = starts_item(code, "static");
        if is_static
            || ["struct", "enum", "type"]
                .iter()
                .any(|word| starts_item(code, word))
        {
            let closing = if code.trim_end().ends_with('{') {
                "}"
            } else {
                ";"
            };
            item_ends = Some(format!("{indent}{closing}"));
        }
        if item_ends.is_none() {
            continue;
        }
        // What a static begins with is its value, not its type.
        let types = if is_static {
            code.split(" = ").next().unwrap_or_default()
        } else {
            code
        };
        let types = NO_CONTAINERS
            .iter()
            .fold(types.to_owned(), |types, name| types.replace(name, ""));
        for (kind, words) in TYPES {
            count(
                kind,
                words.iter().map(|word| types.matches(word).count()).sum(),
            );
        }
        let is_over = match &item_ends {
            _ if is_static => true,
            Some(end) if end.ends_with('}') => code.starts_with(end.as_str()),
            _ => code.trim_end().ends_with(';'),
        };
        if is_over {
            item_ends = None;
        }
    }
}

/// Whether an item of that kind begins in this line, whatever its visibility.
fn starts_item(code: &str, word: &str) -> bool {
    let code = code.trim_start();
    let code = match code.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ").map_or("", |(_, rest)| rest),
        Some(rest) => rest.trim_start(),
        None => code,
    };
    code.strip_prefix(word)
        .is_some_and(|rest| rest.starts_with(' '))
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}
