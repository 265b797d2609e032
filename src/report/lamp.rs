//! Where a matter stands on paper: a shape, words and the name of a colour, so that a grey print tells it too.

use serde::{Deserialize, Serialize};

/// 红黄绿灯, as papers show them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lamp {
    /// past its deadline
    Red,
    /// close to its deadline, or this month's answer is missing
    Yellow,
    /// done, but after its deadline
    YellowLate,
    /// on schedule
    Green,
    /// a claim waits for review
    Review,
    /// nothing is measured: long-term, paused
    Grey,
}

impl Lamp {
    /// Its shape: tells it apart without colour.
    #[must_use]
    pub fn shape(self) -> char {
        match self {
            Self::Red => '●',
            Self::Yellow => '▲',
            Self::YellowLate => '◆',
            Self::Green => '■',
            Self::Review => '◇',
            Self::Grey => '○',
        }
    }

    /// The colour's name.
    #[must_use]
    pub fn colour(self) -> &'static str {
        match self {
            Self::Red => "红",
            Self::Yellow | Self::YellowLate => "黄",
            Self::Green => "绿",
            Self::Review => "蓝",
            Self::Grey => "灰",
        }
    }

    /// The colour in print, six hexadecimal digits; 4.5:1 or more on white.
    #[must_use]
    pub fn ink(self) -> &'static str {
        match self {
            Self::Red => "B00020",
            Self::Yellow | Self::YellowLate => "8A5A00",
            Self::Green => "1B6B3A",
            Self::Review => "1F4E8C",
            Self::Grey => "595959",
        }
    }
}

/// Where a matter stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// the light; none where nothing shines: withdrawn, not yet begun
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lamp: Option<Lamp>,
    /// `超期12天`, `按期办结`
    pub words: String,
}

impl Status {
    /// A status with its light.
    #[must_use]
    pub fn lit(lamp: Lamp, words: impl Into<String>) -> Self {
        Self { lamp: Some(lamp), words: words.into() }
    }

    /// A status without a light.
    #[must_use]
    pub fn unlit(words: impl Into<String>) -> Self {
        Self { lamp: None, words: words.into() }
    }

    /// `●超期12天·红`.
    #[must_use]
    pub fn shown(&self) -> String {
        match self.lamp {
            Some(lamp) => format!("{}{}·{}", lamp.shape(), self.words, lamp.colour()),
            None => self.words.clone(),
        }
    }

    /// `超期12天·红`, for running text.
    #[must_use]
    pub fn said(&self) -> String {
        match self.lamp {
            Some(lamp) => format!("{}·{}", self.words, lamp.colour()),
            None => self.words.clone(),
        }
    }
}
