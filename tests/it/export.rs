//! A job row by row: for programs as it is, for spreadsheets as they show it.

use crate::home::{Home, said};
use crate::scene::{Scene, fast};
use muban::dispatch::{ExportError, Format, export};
use muban::domain::delivery::State;
use muban::domain::job::Job;
use muban::domain::lang::Lang;
use muban::sim::{Action, Sim, Standing, World};
use muban::store::DeliveryFilter;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{self, ErrorKind, Write};

const HEADER: &str = "openid,state,attempts,errcode,errmsg,explanation,msgid,client_msg_id,rid,updated_at";

/// A job of so many, the second of whom has left and the fourth of whom refuses.
async fn sent(count: u32) -> (Scene, Job) {
    let scene = Scene::of(World::with_followers(count as usize, 1)).await;
    for (n, standing) in [(1, Standing::Stale), (3, Standing::Refuses)] {
        let openid = scene.sim.world(|world| world.accounts()[0].openid(n));
        scene.act(Action::Standing { openid, standing });
    }
    let job = scene.prepare(scene.draft(scene.first(count), fast(16))).await.job;
    let job = scene.run(job).await;
    (scene, job)
}

async fn exported(scene: &Scene, job: &Job, filter: DeliveryFilter, format: Format) -> (u64, String) {
    let mut out = Vec::new();
    let rows = export(&scene.store, job, filter, format, Lang::Zh, &mut out).await.unwrap();
    (rows, String::from_utf8(out).unwrap())
}

/// The rows of a table by the names of its header.
fn table(text: &str) -> Vec<BTreeMap<String, String>> {
    csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect()
}

#[tokio::test]
async fn both_shapes_tell_the_same_of_every_row() {
    // More than one page.
    let (scene, job) = sent(2_100).await;
    let all = DeliveryFilter::default();
    let (rows, text) = exported(&scene, &job, all, Format::Csv).await;
    assert_eq!((rows, text.lines().next()), (2_100, Some(HEADER)));
    let (_, json) = exported(&scene, &job, all, Format::Json).await;
    let objects: Vec<BTreeMap<String, Value>> = serde_json::from_str(&json).unwrap();
    let as_text = |value: Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    };
    let objects: Vec<BTreeMap<String, String>> =
        objects.into_iter().map(|row| row.into_iter().map(|(name, value)| (name, as_text(value))).collect()).collect();
    assert_eq!(table(&text), objects);
    for (row, delivery) in objects.iter().zip(scene.rows(&job).await) {
        assert_eq!((row["openid"].as_str(), row["state"].as_str()), (delivery.openid.as_str(), delivery.state.as_str()));
        assert_eq!(row["client_msg_id"], job.nonce.client_msg_id(delivery.row));
        assert_eq!(row["msgid"], delivery.msgid.map(|id| id.to_string()).unwrap_or_default());
    }
    let refused = objects.iter().find(|row| row["errcode"] == "43101").unwrap();
    assert!(refused["explanation"].contains("拒"), "{refused:?}");
    assert!(refused["errmsg"].ends_with(&refused["rid"]) && !refused["rid"].is_empty(), "{refused:?}");
}

#[tokio::test]
async fn only_what_is_asked_for_is_written() {
    let (scene, job) = sent(50).await;
    for (state, errcode, expected) in [
        (Some(State::Failed), None, 2),
        (None, Some(43004), 1),
        (Some(State::Accepted), Some(43004), 0),
        (Some(State::Accepted), None, 48),
    ] {
        for format in [Format::Csv, Format::Json] {
            let (rows, text) = exported(&scene, &job, DeliveryFilter { state, errcode }, format).await;
            let written = match format {
                Format::Json => serde_json::from_str::<Vec<Value>>(&text).unwrap().len(),
                _ => table(&text).len(),
            };
            assert_eq!((rows, written), (expected, expected as usize), "{state:?} {errcode:?}");
        }
    }
}

#[tokio::test]
async fn a_spreadsheet_gets_its_mark_and_nothing_it_could_mistake() {
    let (scene, job) = sent(5).await;
    let (_, plain) = exported(&scene, &job, DeliveryFilter::default(), Format::Csv).await;
    let (_, marked) = exported(&scene, &job, DeliveryFilter::default(), Format::Spreadsheet).await;
    let unmarked = marked.strip_prefix('\u{feff}').expect("a mark");
    let msgid = &table(&plain)[0]["msgid"];
    assert_eq!(table(unmarked)[0]["msgid"], format!("\t{msgid}"), "all of its digits are shown");
    assert_eq!(unmarked.replace('\t', ""), plain);
}

/// A disk with room for so many bytes.
struct Small(usize);

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(bytes.len()).ok_or(ErrorKind::StorageFull)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn an_export_that_cannot_be_written_says_so() {
    let (scene, job) = sent(1_000).await;
    for format in [Format::Csv, Format::Spreadsheet, Format::Json] {
        let all = DeliveryFilter::default();
        let error = export(&scene.store, &job, all, format, Lang::En, Small(20_000)).await.unwrap_err();
        assert!(matches!(&error, ExportError::Write(why) if why.kind() == ErrorKind::StorageFull), "{error}");
    }
}

#[test]
fn the_command_writes_to_a_pipe_or_into_a_new_file() {
    let sim = Sim::local(World::demo()).unwrap();
    let home = Home::synced(&sim);
    home.send(&["--tag", "VIP"]);
    let piped = home.run(&["job", "export", "1"]);
    assert!(piped.stdout.starts_with(HEADER.as_bytes()), "{}", said(&piped));
    let all = home.fine(&["job", "export", "1", "--json"]);
    assert_eq!(all.as_array().unwrap().len(), table(&String::from_utf8(piped.stdout).unwrap()).len());
    let gone = home.fine(&["job", "export", "1", "--format", "json", "--errcode", "43004"]);
    assert!(gone.as_array().unwrap().iter().all(|row| row["errcode"] == 43004), "{gone}");
    assert!(!gone.as_array().unwrap().is_empty());
    assert_eq!(home.fine(&["job", "export", "1", "--errcode", "-1", "--json"]), Value::Array(Vec::new()));

    let file = home.dir.path().join("失败.csv");
    let name = file.to_str().unwrap();
    let told = home.fine(&["job", "export", "1", "--state", "failed", "--output", name, "--format", "csv", "--json"]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(told["rows"].as_u64(), Some(table(&text).len() as u64));
    assert!(text.starts_with('\u{feff}'));
    let again = home.run(&["job", "export", "1", "--output", name]);
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    assert!(said(&again).contains(name), "{}", said(&again));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text, "what is there is never replaced");
}
