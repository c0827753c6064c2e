//! The last calls of this process, for the request log pane. Nothing secret is in a record.

use crate::wechat::{CallRecord, Observer};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// How many calls are kept.
const KEPT: usize = 500;

/// A bounded ring of calls, newest last.
#[derive(Default)]
pub struct RequestLog {
    calls: Mutex<VecDeque<LoggedCall>>,
    /// Who else is told of each.
    overheard_by: Option<Observer>,
}

/// One call and when it ended.
#[derive(Debug, Clone)]
pub struct LoggedCall {
    /// When it ended.
    pub at: Timestamp,
    /// The call.
    pub record: CallRecord,
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestLog").field("calls", &self.calls).finish_non_exhaustive()
    }
}

impl RequestLog {
    /// A log of which somebody else is told each call at once, too.
    pub fn overheard_by(observer: Observer) -> Self {
        Self { calls: Mutex::default(), overheard_by: Some(observer) }
    }

    /// What a client reports its calls to.
    pub fn observer(self: &Arc<Self>) -> Observer {
        let log = Arc::clone(self);
        Arc::new(move |record: &CallRecord| log.push(record.clone()))
    }

    /// The calls kept, oldest first.
    pub fn calls(&self) -> Vec<LoggedCall> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    fn push(&self, record: CallRecord) {
        if let Some(observer) = &self.overheard_by {
            observer(&record);
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() == KEPT {
            calls.pop_front();
        }
        calls.push_back(LoggedCall { at: Timestamp::now(), record });
    }
}
