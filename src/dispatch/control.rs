//! What the operator can tell a running job.

use crate::domain::account::PaceLimits;
use tokio::sync::watch;

/// What a running job should do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Go on.
    #[default]
    Run,
    /// Take no new rows, finish what is in flight, stay resumable.
    Pause,
    /// The same because the program was asked to end.
    Interrupt,
    /// Take no new rows, finish what is in flight, skip the rest for good.
    Cancel,
    /// Stop at once; what is in flight stays to be resolved at resume.
    Abort,
}

/// The job's end of the line.
pub type Control = watch::Receiver<Orders>;

/// Everything that can be told, last word counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Orders {
    /// What to do.
    pub order: Order,
    /// A new pace, if it was changed.
    pub pace: Option<PaceLimits>,
}

/// The operator's end of the line.
#[derive(Debug, Clone)]
pub struct Controller {
    orders: watch::Sender<Orders>,
}

impl Controller {
    /// A line to one job.
    pub fn new() -> (Self, Control) {
        let (orders, control) = watch::channel(Orders::default());
        (Self { orders }, control)
    }

    /// Tells the job what to do.
    pub fn order(&self, order: Order) {
        self.orders.send_modify(|orders| orders.order = order);
    }

    /// Changes the pace of the job's account.
    pub fn set_pace(&self, pace: PaceLimits) {
        self.orders.send_modify(|orders| orders.pace = Some(pace));
    }
}
