//! Who may do and see what: one table, asked before every decision and before every read.

use std::collections::BTreeSet;

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::{Act, Caller, Refused, RefusedKind};
use crate::domain::UnitId;
use crate::domain::command::Command;
use crate::locale::{Value, message, texts};

/// What somebody is to an office. An account may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 系统管理员: accounts, clock, how the daemon stands; rules on nothing and sees no matter
    SystemAdmin,
    /// 督办经办人
    Clerk,
    /// 审核人
    Reviewer,
    /// 审计员: reads all, changes nothing
    Auditor,
    /// 分管县领导: reads what is of their own units
    CountyLeader,
    /// 责任单位: by its link
    #[value(skip)]
    Unit,
    /// duban itself
    #[value(skip)]
    System,
}

impl Role {
    /// All, in the order of the table's columns.
    pub const ALL: [Self; 7] = [
        Self::SystemAdmin,
        Self::Clerk,
        Self::Reviewer,
        Self::Auditor,
        Self::CountyLeader,
        Self::Unit,
        Self::System,
    ];

    /// As files, events and the command line write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SystemAdmin => "system-admin",
            Self::Clerk => "clerk",
            Self::Reviewer => "reviewer",
            Self::Auditor => "auditor",
            Self::CountyLeader => "county-leader",
            Self::Unit => "unit",
            Self::System => "system",
        }
    }

    /// As an office says it.
    #[must_use]
    pub fn word(self) -> Value {
        Value::Word(format!("role-{}", self.name()))
    }

    /// Whether an account may be given it.
    #[must_use]
    pub fn is_of_accounts(self) -> bool {
        !matches!(self, Self::Unit | Self::System)
    }

    fn column(self) -> usize {
        Self::ALL.iter().position(|role| *role == self).unwrap_or(usize::MAX)
    }
}

/// How far a role may do or see something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// not at all
    Nothing,
    /// for its own units
    Own,
    /// for all
    All,
}

/// The table: a row an act, a column a role, in the order of [`Role::ALL`].
#[rustfmt::skip]
const fn row(act: Act) -> [Scope; 7] {
    use Scope::{All as A, Nothing as N, Own as O};
    match act {
        //                   admin clerk review audit leader unit system
        Act::Status       => [A, A, A, A, N, N, A],
        Act::Read         => [N, A, A, A, O, O, A],
        Act::ReadEvents   => [N, A, A, A, N, N, A],
        Act::Rule         => [N, N, A, N, N, N, N],
        Act::Chase        => [N, A, A, N, N, N, N],
        Act::Record       => [N, A, N, N, N, N, N],
        Act::HandIn       => [N, N, N, N, N, O, N],
        Act::Assign       => [N, A, N, N, N, N, N],
        Act::Plan         => [N, A, N, N, N, N, N],
        Act::Unit         => [N, A, N, N, N, N, N],
        Act::Letter       => [N, A, A, N, N, N, N],
        Act::Bulletin     => [N, A, A, N, N, N, N],
        Act::Clock        => [A, N, N, N, N, N, N],
        Act::ReadAccounts => [A, N, N, A, N, N, N],
        Act::Accounts     => [A, N, N, N, N, N, N],
    }
}

/// How far a role may do it.
#[must_use]
pub fn scope(role: Role, act: Act) -> Scope {
    row(act).get(role.column()).copied().unwrap_or(Scope::Nothing)
}

/// Whether whoever asks may do it; `about` is the unit that the question names, where it names one.
///
/// # Errors
/// [`RefusedKind::Forbidden`], saying who may.
pub fn authorize(caller: &Caller, act: Act, about: Option<&UnitId>) -> Result<(), Refused> {
    match caller.roles.iter().map(|role| scope(*role, act)).max().unwrap_or(Scope::Nothing) {
        Scope::All => Ok(()),
        Scope::Own if about.is_some_and(|unit| caller.units.contains(unit)) => Ok(()),
        Scope::Own => {
            let why = message("forbidden-other-units").with("account", &caller.actor.name);
            let units = Value::All(texts(&caller.units));
            Err(Refused::of(RefusedKind::Forbidden, why).cure(message("cure-own-units").put("units", units)))
        }
        Scope::Nothing => {
            let own: Vec<Value> = caller.roles.iter().map(|role| role.word()).collect();
            let own = if own.is_empty() { vec![Value::Word("no-role".to_owned())] } else { own };
            let why = message("forbidden").with("account", &caller.actor.name);
            let why = why.put("roles", Value::All(own)).put("act", act.word());
            let who = Role::ALL
                .into_iter()
                .filter(|role| role.is_of_accounts() && scope(*role, act) > Scope::Nothing);
            let who: Vec<Value> = who.map(Role::word).collect();
            let cure = message("cure-ask-role").put("roles", Value::OneOf(who.clone()));
            Err(Refused::of(RefusedKind::Forbidden, why).maybe_cure((!who.is_empty()).then_some(cure)))
        }
    }
}

/// The units of whoever may do this for their own alone: a list that names none is about these. `None` for anybody else.
#[must_use]
pub fn own_units(caller: &Caller, act: Act) -> Option<&BTreeSet<UnitId>> {
    let widest = caller.roles.iter().map(|role| scope(*role, act)).max();
    (widest == Some(Scope::Own) && !caller.units.is_empty()).then_some(&caller.units)
}

impl Act {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::Status,
        Self::Read,
        Self::ReadEvents,
        Self::Rule,
        Self::Chase,
        Self::Record,
        Self::HandIn,
        Self::Assign,
        Self::Plan,
        Self::Unit,
        Self::Letter,
        Self::Bulletin,
        Self::Clock,
        Self::ReadAccounts,
        Self::Accounts,
    ];

    /// What giving a command is.
    #[must_use]
    pub fn of(command: &Command) -> Self {
        match command {
            Command::Accept { .. }
            | Command::Return { .. }
            | Command::GrantExtension { .. }
            | Command::RefuseExtension { .. }
            | Command::SettleDispute { .. }
            | Command::CloseOut { .. }
            | Command::Reopen { .. } => Self::Rule,
            Command::Chase { .. } | Command::Pause { .. } | Command::Resume { .. } => Self::Chase,
            Command::Answer { .. } | Command::HandleMail { .. } => Self::Record,
            Command::AssignMatter { .. } | Command::AssignMatters { .. } | Command::Reclassify { .. } => {
                Self::Assign
            }
            Command::Settle { .. }
            | Command::MoveDeadline { .. }
            | Command::Confirm { .. }
            | Command::ClosePlan { .. }
            | Command::StartPlan { .. }
            | Command::TakeOver { .. }
            | Command::AddPlan { .. } => Self::Plan,
            Command::SetUnit { .. }
            | Command::SetUnits { .. }
            | Command::RevokeLinks { .. }
            | Command::MailboxWorks { .. } => Self::Unit,
            Command::Release { .. } | Command::Resend { .. } | Command::TellLeader { .. } => Self::Letter,
            Command::MoveBulletin { .. } => Self::Bulletin,
            Command::AcceptClock { .. } => Self::Clock,
            Command::RecordAccount(_) => Self::Accounts,
        }
    }

    /// In a sentence: 无权…
    #[must_use]
    pub fn word(self) -> Value {
        let word = match self {
            Self::Status => "status",
            Self::Read => "read",
            Self::ReadEvents => "read-events",
            Self::Rule => "rule",
            Self::Chase => "chase",
            Self::Record => "record",
            Self::HandIn => "hand-in",
            Self::Assign => "assign",
            Self::Plan => "plan",
            Self::Unit => "unit",
            Self::Letter => "letter",
            Self::Bulletin => "bulletin",
            Self::Clock => "clock",
            Self::ReadAccounts => "read-accounts",
            Self::Accounts => "accounts",
        };
        Value::Word(format!("act-{word}"))
    }
}

/// The roles of whoever runs an office that has no accounts yet.
#[must_use]
pub fn first_roles() -> BTreeSet<Role> {
    [Role::SystemAdmin, Role::Clerk, Role::Reviewer].into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Actor, ActorKind, Via};
    use crate::locale::{self, Language};

    fn caller(roles: impl IntoIterator<Item = Role>, units: &[&str]) -> Caller {
        Caller {
            actor: Actor { kind: ActorKind::Admin, name: "wang".to_owned(), via: Via::Cli },
            roles: roles.into_iter().collect(),
            units: units.iter().map(|unit| unit.parse().unwrap()).collect(),
            request: None,
            claimed: None,
            language: Language::Chinese,
        }
    }

    fn word(value: &Value) -> String {
        locale::word(Language::Chinese, value)
    }

    #[test]
    fn the_table_says_of_each_act_who_may_do_it_and_how_far() {
        let told: Vec<String> = Act::ALL
            .into_iter()
            .map(|act| {
                let of = |role: &Role| match scope(*role, act) {
                    Scope::All => Some(word(&role.word())),
                    Scope::Own => Some(format!("{}（本单位）", word(&role.word()))),
                    Scope::Nothing => None,
                };
                let who: Vec<String> = Role::ALL.iter().filter_map(of).collect();
                format!("{}：{}", word(&act.word()), who.join("、"))
            })
            .collect();
        assert_eq!(
            told,
            [
                "查看运行情况：系统管理员、督办经办人、审核人、审计员、系统",
                "查看督办事项和文稿：督办经办人、审核人、审计员、分管县领导（本单位）、责任单位（本单位）、系统",
                "查看原始记录：督办经办人、审核人、审计员、系统",
                "审核办理情况：审核人",
                "催办、暂停或恢复催办：督办经办人、审核人",
                "代录反馈和处理来件：督办经办人",
                "提交反馈：责任单位（本单位）",
                "交办事项：督办经办人",
                "调整计划：督办经办人",
                "调整单位信息：督办经办人",
                "放行或重发督办函：督办经办人、审核人",
                "办理通报：督办经办人、审核人",
                "确认系统时间：系统管理员",
                "查看账号：系统管理员、审计员",
                "管理账号：系统管理员",
            ]
        );
    }

    #[test]
    fn an_auditor_reads_all_and_changes_nothing_and_a_system_admin_rules_on_nothing() {
        let reads = [Act::Status, Act::Read, Act::ReadEvents, Act::ReadAccounts];
        for act in Act::ALL {
            let auditor = authorize(&caller([Role::Auditor], &[]), act, None);
            assert_eq!(auditor.is_ok(), reads.contains(&act), "{act:?}");
        }
        let refused = authorize(&caller([Role::SystemAdmin], &[]), Act::Rule, None).unwrap_err();
        assert_eq!(refused.kind, RefusedKind::Forbidden);
        assert_eq!(refused.what, "账号wang（系统管理员）无权审核办理情况");
        assert_eq!(refused.cure.as_deref(), Some("请由审核人办理"));
        let english = refused.told_in(Language::English);
        assert_eq!(english.what, "account wang (system admin) may not rule on matters");
        assert_eq!(english.cure.as_deref(), Some("have it done by a reviewer"));
        assert!(authorize(&caller([Role::SystemAdmin, Role::Reviewer], &[]), Act::Rule, None).is_ok());
        assert!(authorize(&caller([], &[]), Act::Status, None).is_err());
    }

    #[test]
    fn a_county_leader_and_a_unit_see_their_own_units_alone() {
        let (own, other) = ("eco-env".parse().unwrap(), "police".parse().unwrap());
        for role in [Role::CountyLeader, Role::Unit] {
            let caller = caller([role], &["eco-env"]);
            assert!(authorize(&caller, Act::Read, Some(&own)).is_ok());
            for about in [None, Some(&other)] {
                let refused = authorize(&caller, Act::Read, about).unwrap_err();
                assert_eq!(refused.cure.as_deref(), Some("请指明其中一个单位：eco-env"), "{role:?}");
            }
        }
        assert!(authorize(&caller([Role::Unit], &["eco-env"]), Act::HandIn, Some(&own)).is_ok());
        assert!(authorize(&caller([Role::Unit], &["eco-env"]), Act::HandIn, Some(&other)).is_err());
    }
}
