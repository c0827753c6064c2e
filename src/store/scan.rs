//! What a long scan finds, on its way to whoever asked: in pages, and never more than a few of them ahead of the reader, so that
//! memory does not grow with what is scanned.

use super::error::{StoreError, StoreResult};
use tokio::sync::mpsc;

/// Rows handed over at a time.
const PAGE: usize = 1000;
/// Pages that may wait to be taken.
const AHEAD: usize = 4;

/// The rows of a long scan, page by page. It is a snapshot: what changes meanwhile is not seen. Dropping it ends the scan.
#[derive(Debug)]
pub struct Scan<T> {
    pages: mpsc::Receiver<StoreResult<Vec<T>>>,
}

impl<T> Scan<T> {
    /// The next rows, never none of them; nothing at the end.
    pub async fn next(&mut self) -> Option<StoreResult<Vec<T>>> {
        self.pages.recv().await
    }
}

/// The scanning end.
pub struct Found<T> {
    page: Vec<T>,
    pages: mpsc::Sender<StoreResult<Vec<T>>>,
}

/// Both ends.
pub fn pages<T>() -> (Found<T>, Scan<T>) {
    let (sender, receiver) = mpsc::channel(AHEAD);
    (Found { page: Vec::new(), pages: sender }, Scan { pages: receiver })
}

impl<T> Found<T> {
    /// Hands a row over, waiting while the other end is behind. Fails when nobody is there any more.
    pub fn push(&mut self, row: T) -> StoreResult<()> {
        self.page.push(row);
        if self.page.len() < PAGE { Ok(()) } else { self.hand_over() }
    }

    /// Hands over what is left, and why the scan ended early if it did.
    pub fn end(mut self, end: StoreResult<()>) {
        match end {
            Ok(()) if self.page.is_empty() => {}
            // Nobody may be there any more, which is no error.
            Ok(()) => _ = self.hand_over(),
            Err(error) => _ = self.pages.blocking_send(Err(error)),
        }
    }

    fn hand_over(&mut self) -> StoreResult<()> {
        let page = std::mem::replace(&mut self.page, Vec::with_capacity(PAGE));
        self.pages.blocking_send(Ok(page)).map_err(|_| StoreError::Closed)
    }
}
