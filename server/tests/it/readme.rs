//! The README shows code of the example app: every block of it still stands in the file that it names.

use std::{fs, path::Path};

#[test]
fn the_code_of_in_your_own_app_is_cut_from_the_example() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let (_, section) = readme.split_once("\n## In your own app\n").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let mut cuts = section.split("```").collect::<Vec<_>>().into_iter();
    let mut blocks = 0;
    // What stands before a block ends with the name of its file.
    while let (Some(before), Some(block)) = (cuts.next(), cuts.next()) {
        let (_, named) = before.rsplit_once("<!-- ").unwrap();
        let (path, rest) = named.split_once(" -->").unwrap();
        assert_eq!(rest, "\n", "a block names its file just before: {block}");
        let source = fs::read_to_string(root.join(path)).unwrap();
        let (_, code) = block.split_once('\n').unwrap();
        assert!(source.contains(code), "{path} does not say:\n{code}");
        blocks += 1;
    }
    assert_eq!(blocks, 6);
    let lines = ["app", "lib", "main", "notes", "store"].map(|name| {
        let path = root.join(format!("examples/notes/src/{name}.rs"));
        fs::read_to_string(path).unwrap().lines().count()
    });
    let lines: usize = lines.iter().sum();
    assert!(
        lines < 250 && section.contains(&format!(" in {lines} lines")),
        "{lines}"
    );
}
