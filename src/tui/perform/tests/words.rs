use super::*;
use crate::tui::effect::{AudienceEffect, SystemEffect};
use crate::tui::msg::AudienceMsg;
use crate::tui::theme::ThemeName;

#[tokio::test]
async fn errors_are_told_in_the_language_that_was_chosen_last() {
    let mut stage = Stage::new(0).await;
    let path = stage.dir.path().join("none.csv").display().to_string();
    let account = stage.account.id;
    let read = || AudienceEffect::ReadFile {
        generation: Generation(1),
        account,
        path: path.clone(),
        choices: crate::audience::Choices::default(),
    };
    for (lang, words) in [(Lang::En, "cannot read"), (Lang::Zh, "无法读取"), (Lang::En, "cannot read")] {
        stage.start(SystemEffect::SaveSettings { lang, theme: ThemeName::Dark });
        stage.start(read());
        let failed = |msg| if let Msg::Audience(AudienceMsg::FileFailed { text, .. }) = msg { Some(text) } else { None };
        let text = stage.hear_any(failed).await;
        assert!(text.contains(words) && text.contains("none.csv"), "{text}");
    }
}
