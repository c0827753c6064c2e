/// From nothing to full.
const LEVELS: [&str; 9] = [" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const PLAIN: [&str; 9] = [" ", "_", ".", ":", "-", "=", "+", "*", "#"];

/// A chart of a column a value, so many rows high, the top one first. The greatest value is full, and even nothing leaves a trace.
pub fn bars(values: &[f64], rows: usize, ascii: bool) -> Vec<String> {
    let signs = if ascii { PLAIN } else { LEVELS };
    let most = values.iter().copied().fold(0.0, f64::max);
    let eighths = |value: f64| {
        let all = 8 * rows;
        if most > 0.0 { ((value / most * all as f64).round() as usize).clamp(1, all) } else { 1 }
    };
    let row = |below: usize| values.iter().map(|value| signs[eighths(*value).saturating_sub(8 * below).min(8)]).collect();
    (0..rows).rev().map(row).collect()
}

/// The same course in so many columns: what falls into one is averaged, and where there are fewer values than columns, each is wider.
pub fn in_columns(values: &[f64], columns: usize) -> Vec<f64> {
    let len = values.len();
    let mean = |column: usize| {
        let from = column * len / columns;
        let of = &values[from..((column + 1) * len / columns).max(from + 1)];
        of.iter().sum::<f64>() / of.len() as f64
    };
    if len == 0 { Vec::new() } else { (0..columns).map(mean).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_is_full_and_nothing_is_a_trace() {
        let values: Vec<f64> = (0..=8).map(f64::from).collect();
        assert_eq!(bars(&values, 1, false), ["▁▁▂▃▄▅▆▇█"]);
        assert_eq!(bars(&values, 1, true), ["__.:-=+*#"]);
        assert_eq!(bars(&[0.0, 0.0], 1, false), ["▁▁"]);
        assert_eq!(bars(&[], 1, false), [""]);
    }

    #[test]
    fn rows_stand_on_each_other() {
        assert_eq!(bars(&[0.0, 25.0, 50.0, 75.0, 100.0], 2, false), ["   ▄█", "▁▄███"]);
    }

    #[test]
    fn a_course_is_squeezed_and_stretched() {
        assert_eq!(in_columns(&[1.0, 3.0, 5.0, 7.0], 2), [2.0, 6.0]);
        assert_eq!(in_columns(&[1.0, 2.0], 4), [1.0, 1.0, 2.0, 2.0]);
        assert_eq!(in_columns(&[1.0, 2.0, 3.0], 2), [1.0, 2.5]);
        assert!(in_columns(&[], 4).is_empty() && in_columns(&[1.0], 0).is_empty());
    }
}
