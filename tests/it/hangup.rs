//! A send on the screen whose terminal goes away: the process ends, nothing is lost, and nobody gets it twice.

use crate::home::Home;
use crate::scene::SEND;
use crate::terminal::Terminal;
use crate::witness::{Rows, each_got_it_once, until};
use muban::domain::delivery::State;
use muban::sim::{Chance, Sim, World};
use rustix::process::Signal;

/// Fills the form of the first template with its examples, and sends it to the first hundred followers.
fn send(terminal: &mut Terminal) {
    terminal.wait_for("订单发货通知").keys("\r").wait_for("0/32");
    terminal.keys(&"\x05\t".repeat(5)).wait_for("2025年11月9日 15:01");
    terminal.keys("\x1b").wait_for("choose who gets it");
    terminal.keys("3").wait_for("▸ 星标组").keys("jjj").wait_for("▸ hundred").keys("\r").wait_for("Press s to send");
    terminal.keys("s").wait_for("20 in flight").keys("\r");
}

#[test]
fn the_job_is_whole_and_can_be_resumed() {
    for by_signal in [true, false] {
        let sim = Sim::local(World::with_followers(300, 1)).unwrap();
        let home = Home::synced(&sim);
        // After thirty answers the server takes the messages and is silent: the job cannot end before its terminal does.
        sim.faults(|faults| (faults.stall_ms, faults.stall) = (3_600_000, Chance { after: 30, next: 0, percent: 100.0 }));
        let mut terminal = Terminal::start(env!("CARGO_BIN_EXE_muban"), &[], (100, 30), home.dir.path(), &[]);
        send(&mut terminal);
        // Twenty are in flight.
        until(&sim, |sim| sim.calls(SEND) == 50);
        if by_signal {
            terminal.signal(Signal::HUP);
        } else {
            terminal.close();
        }
        assert_eq!(terminal.end().0, 4);

        let rows = Rows::of(&home, 1);
        assert_eq!((rows.count(State::Accepted), rows.count(State::Sending)), (30, 20), "only what was on its way is in doubt");
        rows.agree_with(&sim.delivered());
        let shown = home.fine(&["job", "show", "1", "--json"]);
        assert_eq!((&shown["state"], &shown["reason"]["class"]), (&"paused".into(), &"interrupted".into()), "{shown}");

        sim.faults(|faults| faults.stall = Chance::NEVER);
        let (summary, exit) = home.resume(1);
        assert_eq!((exit, &summary["accepted"]), (Some(0), &100.into()), "{summary}");
        assert_eq!(sim.calls(SEND), 120, "those twenty were asked for once more");
        assert_eq!(Rows::of(&home, 1).count(State::Accepted), 100);
        each_got_it_once(&sim, 100);
    }
}
