//! Text in columns, for a terminal.

use comfy_table::{Table, presets};

/// The rows as lines whose columns stand below one another: each as wide as its widest value is on a
/// terminal, where a Japanese character is as wide as two Latin ones. A row is one line, whatever it
/// holds.
pub fn in_columns<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING);
    table.add_rows(
        rows.into_iter()
            .map(|row| row.map(|cell| cell.replace(['\r', '\n'], " "))),
    );
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    let lines = table.lines();
    lines.map(|line| line.trim_end().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &[[&str; 3]]) -> Vec<String> {
        in_columns(rows.iter().map(|row| row.map(str::to_owned)))
    }

    #[test]
    fn a_column_is_as_wide_as_its_widest_value_looks() {
        let lines = lines(&[
            ["EMAIL", "NAME", "SINCE"],
            ["ann@example.com", "Ann", "2026"],
            ["hanako@example.com", "山田花子", "2026"],
            ["x", "ｱﾝﾅ", "2026"],
        ]);
        assert_eq!(
            lines,
            [
                "EMAIL               NAME      SINCE",
                "ann@example.com     Ann       2026",
                "hanako@example.com  山田花子  2026",
                "x                   ｱﾝﾅ       2026",
            ]
        );
    }

    #[test]
    fn a_row_is_one_line_and_ends_with_its_last_value() {
        let lines = lines(&[["a", "two\nlines", ""], ["", "", "c"], ["", "", ""]]);
        assert_eq!(lines, ["a  two lines", "              c", ""]);
    }
}
