//! Why a text is no send body. The words are in the language tables.

use super::note::shown;

/// Why a text is not a send body: one fault, the first that cannot be put right, and its place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadError {
    pub(super) place: Option<(usize, usize)>,
    /// What is wrong.
    pub fault: Fault,
}

impl PayloadError {
    /// Line and column from 1 in the text as it was given, columns in characters; none where the text as a whole is meant.
    pub fn place(&self) -> Option<(usize, usize)> {
        self.place
    }

    /// Name of its text in the language tables.
    pub fn key(&self) -> &'static str {
        self.fault.key()
    }

    /// What its text names.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        self.fault.args()
    }
}

/// What cannot be put right without guessing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing but blanks.
    Empty,
    /// Not JSON, and no JSON in it.
    NoJson,
    /// XML or HTML.
    Xml,
    /// Not JSON from here on.
    Syntax(Syntax),
    /// JSON, but neither an object nor a text that holds one.
    NotObject,
    /// A reply of WeChat, not a request.
    Reply,
    /// More than one body.
    Several {
        /// How many.
        count: usize,
    },
    /// A command line that leaves the body in a file.
    BodyInFile,
    /// A message of another interface, such as a customer service message.
    OtherMessage {
        /// The member that gives it away.
        member: String,
    },
    /// A member that WeChat requires is not there, or has no value.
    Missing {
        /// Which.
        member: &'static str,
    },
    /// A member of another JSON type than it must have.
    Type {
        /// Where it stands, like `data.thing1.value`.
        member: String,
        /// What it has to be.
        expected: Expected,
    },
    /// A member that the API does not know, but one much like it.
    Misspelt {
        /// Where it stands.
        member: String,
        /// What was meant, most likely.
        nearest: &'static str,
    },
    /// A member that the API does not know.
    Unknown {
        /// Where it stands.
        member: String,
        /// What may stand there.
        known: &'static str,
    },
    /// A field beside `data` instead of in it.
    OutsideData {
        /// The key.
        member: String,
    },
    /// A field without `value`.
    NoValue {
        /// Where the field stands, like `data.thing1`.
        member: String,
    },
    /// Not a `template_id`.
    TemplateId {
        /// What is there.
        value: String,
    },
    /// Not an openid.
    OpenId {
        /// What is there.
        value: String,
    },
    /// Not the AppID of a mini program.
    AppId {
        /// What is there.
        value: String,
    },
}

/// What a member has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// `{…}`
    Object,
    /// `"…"`
    Text,
    /// One openid as a text; a list needs an audience.
    OneOpenId,
}

/// What is not JSON at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Syntax {
    /// Quotes other than `"`.
    Quotes(char),
    /// A comment.
    Comment,
    /// A comma before the closing bracket.
    TrailingComma,
    /// No comma between two members, or a quote within a text.
    NoComma,
    /// No colon after a name.
    NoColon,
    /// No name where one is due.
    NoName,
    /// No value where one is due.
    NoValue,
    /// A name without quotes.
    BareName(String),
    /// A text without quotes. It is not repeated: it may be secret.
    BareText,
    /// A word of another language; what JSON has for it.
    ForeignWord(&'static str),
    /// A Chinese punctuation mark in place of an ASCII one.
    WideMark(char),
    /// `=>` or `=` in place of a colon.
    Equals,
    /// A variable of some template language outside quotes.
    Placeholder,
    /// A backslash outside a text.
    Backslash,
    /// A backslash in a text, and no escape that JSON knows.
    Escape,
    /// A line end within a text.
    LineEnd,
    /// Another control character within a text.
    Control,
    /// A text that is never closed.
    OpenText,
    /// The text ends in the midst of things.
    Unfinished,
    /// Something follows the JSON.
    AfterEnd,
    /// Too many brackets within each other.
    TooDeep,
}

impl Fault {
    fn key(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NoJson => "no_json",
            Self::Xml => "xml",
            Self::Syntax(syntax) => syntax.key(),
            Self::NotObject => "not_object",
            Self::Reply => "reply",
            Self::Several { .. } => "several",
            Self::BodyInFile => "body_in_file",
            Self::OtherMessage { .. } => "other_message",
            Self::Missing { .. } => "missing",
            Self::Type { expected: Expected::Object, .. } => "type_object",
            Self::Type { expected: Expected::Text, .. } => "type_text",
            Self::Type { expected: Expected::OneOpenId, .. } => "type_one_openid",
            Self::Misspelt { .. } => "misspelt",
            Self::Unknown { .. } => "unknown",
            Self::OutsideData { .. } => "outside_data",
            Self::NoValue { .. } => "no_value",
            Self::TemplateId { .. } => "template_id",
            Self::OpenId { .. } => "openid",
            Self::AppId { .. } => "appid",
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Syntax(Syntax::Quotes(found) | Syntax::WideMark(found)) => vec![("found", found.to_string())],
            Self::Syntax(Syntax::BareName(name)) => vec![("name", shown(name))],
            Self::Syntax(Syntax::ForeignWord(word)) => vec![("word", (*word).to_owned())],
            Self::Several { count } => vec![("count", count.to_string())],
            Self::Missing { member } => vec![("member", (*member).to_owned())],
            Self::Misspelt { member, nearest } => vec![("member", shown(member)), ("nearest", (*nearest).to_owned())],
            Self::Unknown { member, known } => vec![("member", shown(member)), ("known", (*known).to_owned())],
            Self::OtherMessage { member }
            | Self::Type { member, .. }
            | Self::OutsideData { member }
            | Self::NoValue { member } => vec![("member", shown(member))],
            Self::TemplateId { value } | Self::OpenId { value } | Self::AppId { value } => vec![("value", shown(value))],
            Self::Empty | Self::NoJson | Self::Xml | Self::NotObject | Self::Reply | Self::BodyInFile | Self::Syntax(_) => {
                Vec::new()
            }
        }
    }
}

impl Syntax {
    fn key(&self) -> &'static str {
        match self {
            Self::Quotes(_) => "quotes",
            Self::Comment => "comment",
            Self::TrailingComma => "trailing_comma",
            Self::NoComma => "no_comma",
            Self::NoColon => "no_colon",
            Self::NoName => "no_member_name",
            Self::NoValue => "no_json_value",
            Self::BareName(_) => "bare_name",
            Self::BareText => "bare_text",
            Self::ForeignWord(_) => "foreign_word",
            Self::WideMark(_) => "wide_mark",
            Self::Equals => "equals",
            Self::Placeholder => "placeholder",
            Self::Backslash => "backslash",
            Self::Escape => "escape",
            Self::LineEnd => "line_end",
            Self::Control => "control",
            Self::OpenText => "open_text",
            Self::Unfinished => "unfinished",
            Self::AfterEnd => "after_end",
            Self::TooDeep => "too_deep",
        }
    }
}

/// A fault and the byte it stands at.
#[derive(Debug)]
pub(super) struct Wrong {
    pub at: Option<usize>,
    pub fault: Fault,
}

impl Wrong {
    pub fn at(at: usize, fault: Fault) -> Self {
        Self { at: Some(at), fault }
    }

    /// Line and column of a byte in a text, both from 1, columns in characters.
    pub fn told(self, text: &str) -> PayloadError {
        let place = self.at.map(|at| {
            let before = text.get(..at).unwrap_or(text);
            let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            (line, column)
        });
        PayloadError { place, fault: self.fault }
    }
}

impl From<Fault> for Wrong {
    fn from(fault: Fault) -> Self {
        Self { at: None, fault }
    }
}
