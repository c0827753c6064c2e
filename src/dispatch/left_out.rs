//! Everyone whom an audience names in vain, row by row, whatever the message is.

use super::export::ExportError;
use super::sheet::{Cell, ReadBy, Sheet};
use crate::domain::audience::{Audience, Exclusion};
use crate::domain::id::AccountId;
use crate::domain::lang::Lang;
use crate::store::Store;
use crate::text::lang::Texts;
use std::io::Write;

const HEADER: [&str; 5] = ["row", "openid", "name", "problem", "detail"];

/// Writes `row,openid,name,problem,detail`; the row is that of a file of the audience. Gives how many there are.
pub async fn left_out(
    store: &Store,
    account: AccountId,
    audience: &Audience,
    lang: Lang,
    out: impl Write + Send,
) -> Result<u64, ExportError> {
    let texts = Texts::of(lang);
    let mut sheet = Sheet::begin(out, ReadBy::Spreadsheet, &HEADER)?;
    let mut count = 0;
    let mut everyone = store.scan_audience(account, audience.clone())?;
    while let Some(page) = everyone.next().await {
        for judged in page? {
            let Some(reason) = judged.left_out else { continue };
            let blank = reason == Exclusion::Invalid && judged.openid.as_str().is_empty();
            let (problem, key) =
                if blank { ("blank", "blank".to_owned()) } else { (reason.as_str(), format!("verdict_{}", reason.as_str())) };
            sheet.row(&[
                Cell::row(judged.row),
                Cell::Text(judged.openid.as_str()),
                Cell::Text(judged.name()),
                Cell::Text(problem),
                Cell::Text(texts.say(&format!("cli.{key}"))),
            ])?;
            count += 1;
        }
    }
    sheet.end()?;
    Ok(count)
}
