//! What was wrong with a body, or without effect, and was put right. The words are in the language tables.

/// Longest piece of a body that is repeated in a sentence, in characters.
const SHOWN: usize = 60;

/// One thing that was put right or left out while a body was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// A byte order mark, a no-break space or the like between the marks: JSON does not know them (47001).
    OddBlanks,
    /// Only one object of the text was read; something that is not JSON stands around it.
    Surrounded,
    /// The body was taken out of a curl command.
    Curl,
    /// The body stood within something else.
    Unwrapped {
        /// Where, like `request.body.raw`.
        path: String,
    },
    /// The body stood in a `uniform_send`, which WeChat has withdrawn (40036).
    UniformSend,
    /// JSON within a JSON text (47001, or 47003 "is empty").
    EncodedTwice {
        /// Which member; none for the body itself.
        member: Option<&'static str>,
    },
    /// Members under another name than the API's (47001, 40036).
    Renamed {
        /// As they were.
        members: Vec<String>,
        /// As the API has it.
        to: &'static str,
    },
    /// Keys of `data` with blanks or the placeholder's marks (47003 "is empty").
    KeysStripped {
        /// As they were.
        keys: Vec<String>,
    },
    /// `data` was a list of names and values.
    DataList,
    /// Fields that were a bare text instead of `{"value": …}`.
    PlainValues {
        /// Their keys.
        keys: Vec<String>,
    },
    /// Fields that were a list of value and colour.
    ListValues {
        /// Their keys.
        keys: Vec<String>,
    },
    /// Values that were numbers or true and false; they are sent as texts.
    NotTexts {
        /// Keys of the fields.
        keys: Vec<String>,
    },
    /// Values that were null; they are taken as empty.
    Nulls {
        /// Keys of the fields.
        keys: Vec<String>,
    },
    /// Members that stand twice; the last one counts.
    Twice {
        /// Which.
        members: Vec<String>,
    },
    /// Values with a variable of some program in them.
    Variables {
        /// Keys of the fields.
        keys: Vec<String>,
    },
    /// Colours that are none.
    BadColors {
        /// Keys of the fields.
        keys: Vec<String>,
    },
    /// Members of old that WeChat ignores.
    NoEffect {
        /// Which.
        members: Vec<String>,
    },
    /// Members of subscription messages, which template messages do not have.
    Subscription {
        /// Which.
        members: Vec<String>,
    },
    /// `client_msg_id`: each request gets its own.
    ClientMsgId,
    /// A token within the body. It is never repeated.
    AccessToken,
    /// `touser` is a placeholder of some other program.
    NoRecipient {
        /// What it is.
        value: String,
    },
}

impl Note {
    /// Name of its text in the language tables.
    pub fn key(&self) -> &'static str {
        match self {
            Self::OddBlanks => "odd_blanks",
            Self::Surrounded => "surrounded",
            Self::Curl => "curl",
            Self::Unwrapped { .. } => "unwrapped",
            Self::UniformSend => "uniform_send",
            Self::EncodedTwice { member: None } => "encoded_twice",
            Self::EncodedTwice { member: Some(_) } => "member_encoded_twice",
            Self::Renamed { .. } => "renamed",
            Self::KeysStripped { .. } => "keys_stripped",
            Self::DataList => "data_list",
            Self::PlainValues { .. } => "plain_values",
            Self::ListValues { .. } => "list_values",
            Self::NotTexts { .. } => "not_texts",
            Self::Nulls { .. } => "nulls",
            Self::Twice { .. } => "twice",
            Self::Variables { .. } => "variables",
            Self::BadColors { .. } => "bad_colors",
            Self::NoEffect { .. } => "no_effect",
            Self::Subscription { .. } => "subscription",
            Self::ClientMsgId => "client_msg_id",
            Self::AccessToken => "access_token",
            Self::NoRecipient { .. } => "no_recipient",
        }
    }

    /// What its text names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unwrapped { path } => vec![("path", shown(path))],
            Self::EncodedTwice { member: Some(member) } => vec![("member", (*member).to_owned())],
            Self::Renamed { members, to } => vec![("members", shown(&members.join(", "))), ("to", (*to).to_owned())],
            Self::KeysStripped { keys }
            | Self::PlainValues { keys }
            | Self::ListValues { keys }
            | Self::NotTexts { keys }
            | Self::Nulls { keys }
            | Self::Variables { keys }
            | Self::BadColors { keys } => vec![("keys", shown(&keys.join(", ")))],
            Self::Twice { members } | Self::NoEffect { members } | Self::Subscription { members } => {
                vec![("members", shown(&members.join(", ")))]
            }
            Self::NoRecipient { value } => vec![("value", shown(value))],
            Self::OddBlanks
            | Self::Surrounded
            | Self::Curl
            | Self::UniformSend
            | Self::EncodedTwice { member: None }
            | Self::DataList
            | Self::ClientMsgId
            | Self::AccessToken => Vec::new(),
        }
    }

    /// Whether one sentence can tell both.
    fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Renamed { to, .. }, Self::Renamed { to: same, .. }) => to == same,
            _ => self.key() == other.key(),
        }
    }

    /// The list of a note which tells many things of one sort in one sentence.
    fn names(&mut self) -> Option<&mut Vec<String>> {
        match self {
            Self::Renamed { members: names, .. }
            | Self::KeysStripped { keys: names }
            | Self::PlainValues { keys: names }
            | Self::ListValues { keys: names }
            | Self::NotTexts { keys: names }
            | Self::Nulls { keys: names }
            | Self::Variables { keys: names }
            | Self::BadColors { keys: names }
            | Self::Twice { members: names }
            | Self::NoEffect { members: names }
            | Self::Subscription { members: names } => Some(names),
            _ => None,
        }
    }
}

/// The notes of one reading, each said once.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<Note>);

impl Notes {
    pub fn add(&mut self, mut note: Note) {
        let alike = self.0.iter_mut().find(|known| known.is_like(&note));
        if let (Some(known), Some(more)) = (alike.and_then(Note::names), note.names()) {
            more.retain(|name| !known.contains(name));
            known.append(more);
        } else if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    pub fn into_vec(self) -> Vec<Note> {
        self.0
    }
}

/// A piece of a body as it may stand in a sentence: on one line, and not the whole of it.
pub(super) fn shown(piece: &str) -> String {
    let mut text: String = piece.chars().map(|c| if c.is_control() { ' ' } else { c }).take(SHOWN).collect();
    if piece.chars().nth(SHOWN).is_some() {
        text.push('…');
    }
    text
}
