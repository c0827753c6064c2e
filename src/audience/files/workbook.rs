//! Excel workbooks.

use super::error::FileError;
use super::source::Source;
use super::{Record, Take};
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use std::collections::HashMap;
use std::fs::File;
use std::io::BufReader;

/// Columns beyond these are not looked at.
const COLUMNS: usize = 200;

/// Digits that Excel itself keeps of a number.
const DIGITS: f64 = 1e15;

/// The sheet of a workbook that has the recipients.
pub struct Sheet {
    name: String,
    /// Cells that are one: only the first of them holds what all of them show.
    merged: Vec<Dimensions>,
}

impl Sheet {
    /// The first that can be seen and holds anything.
    pub fn find(source: &Source) -> Result<Self, FileError> {
        let mut workbook = open(source)?;
        let sheets = workbook.sheets_metadata().to_vec();
        let seen = sheets.into_iter().filter(|sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet);
        for sheet in seen {
            let holds = workbook.worksheet_cells_reader(&sheet.name).and_then(|mut cells| {
                while let Some(cell) = cells.next_cell()? {
                    if !text(cell.get_value()).trim().is_empty() {
                        return Ok(true);
                    }
                }
                Ok(false)
            });
            if holds.map_err(|error| wrong(&error))? {
                let merged = workbook.merge_cells_by_sheet_name(&sheet.name).map_err(|error| wrong(&error))?;
                return Ok(Self { name: sheet.name, merged });
            }
        }
        Err(FileError::NoSheet)
    }

    /// As its tab says.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Hands over the rows that hold anything, numbered as Excel does.
    pub fn each(&self, source: &Source, take: Take<'_>) -> Result<(), FileError> {
        let mut workbook = open(source)?;
        let mut cells = workbook.worksheet_cells_reader(&self.name).map_err(|error| wrong(&error))?;
        let starts = self.merged.iter().enumerate().map(|(at, region)| (region.start, at)).collect();
        let mut rows = Rows { merged: &self.merged, starts, held: HashMap::new(), row: None, cells: Vec::new() };
        while let Some(cell) = cells.next_cell().map_err(|error| wrong(&error))? {
            let (row, column) = cell.get_position();
            if rows.row.is_some_and(|current| current != row) && rows.hand_over(row, take) {
                return Ok(());
            }
            rows.put(row, column, text(cell.get_value()));
        }
        rows.hand_over(u32::MAX, take);
        Ok(())
    }
}

/// The row being read, and what merged cells go on to say.
struct Rows<'a> {
    merged: &'a [Dimensions],
    /// Where each of them begins.
    starts: HashMap<(u32, u32), usize>,
    held: HashMap<usize, String>,
    row: Option<u32>,
    cells: Vec<String>,
}

impl Rows<'_> {
    fn put(&mut self, row: u32, column: u32, text: String) {
        self.row = Some(row);
        let at = column as usize;
        if at >= COLUMNS || text.is_empty() {
            return;
        }
        if let Some(region) = self.starts.get(&(row, column)) {
            self.held.insert(*region, text.clone());
        }
        self.set(at, text);
    }

    fn set(&mut self, at: usize, text: String) {
        if self.cells.len() <= at {
            self.cells.resize(at + 1, String::new());
        }
        if let Some(cell) = self.cells.get_mut(at) {
            *cell = text;
        }
    }

    /// The row that is complete now, and those up to `next` that hold nothing but what merged cells say. Whether it is enough.
    fn hand_over(&mut self, next: u32, take: Take<'_>) -> bool {
        let Some(mut row) = self.row.take() else { return false };
        loop {
            self.fill_merged(row);
            let cells = std::mem::take(&mut self.cells);
            if take(Record { number: u64::from(row) + 1, cells }).is_break() {
                return true;
            }
            row += 1;
            let goes_on = self.held.keys().any(|region| self.merged.get(*region).is_some_and(|region| region.end.0 >= row));
            if row >= next || !goes_on {
                return false;
            }
        }
    }

    fn fill_merged(&mut self, row: u32) {
        let merged = self.merged;
        self.held.retain(|region, _| merged.get(*region).is_some_and(|region| region.end.0 >= row));
        let said: Vec<(usize, String)> = self
            .held
            .iter()
            .filter_map(|(region, text)| Some((merged.get(*region)?, text)))
            .flat_map(|(region, text)| (region.start.1..=region.end.1).map(move |column| (column as usize, text.clone())))
            .filter(|(at, _)| *at < COLUMNS)
            .collect();
        for (at, text) in said {
            if self.cells.get(at).is_none_or(String::is_empty) {
                self.set(at, text);
            }
        }
    }
}

fn open(source: &Source) -> Result<Xlsx<BufReader<File>>, FileError> {
    calamine::open_workbook_from_rs(BufReader::new(source.bytes()?)).map_err(|error| wrong(&error))
}

fn wrong(error: &XlsxError) -> FileError {
    FileError::Workbook(error.to_string())
}

/// Text with its lines as everywhere else.
fn lines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// A cell as a person reads it; formulas by what they came to, errors as nothing.
fn text(cell: &DataRef<'_>) -> String {
    match cell {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => lines(text),
        DataRef::SharedString(text) => lines(text),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => written(*number),
        DataRef::Bool(yes) => if *yes { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::DateTime(time) => moment(time),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Whole numbers without a point, whatever their length; others with the fifteen digits that Excel knows.
fn written(number: f64) -> String {
    if number.fract() == 0.0 {
        return format!("{number:.0}");
    }
    let whole = number.abs().log10().floor().max(0.0);
    let places = (DIGITS.log10() - 1.0 - whole).max(0.0) as usize;
    let text = format!("{number:.places$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// `2026-11-27`, `2026-11-27 15:04:05`, or `15:04:05` where there is no day.
fn moment(time: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = time.to_ymd_hms_milli();
    // Excel keeps fractions of a day: a second is seldom quite one.
    let second = if milli >= 500 { second + 1 } else { second }.min(59);
    let value = time.as_f64();
    if time.is_duration() || (0.0..1.0).contains(&value) {
        let seconds = (value * 86_400.0).round() as u64;
        return format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if value.fract() == 0.0 { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") }
}
