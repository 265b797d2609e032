//! The office's accounts: who comes in, under which name, post and roles. Kept with the keys in `secrets/`,
//! never in the journal: an event names the account's id, and who that is can be forgotten.

use std::collections::{BTreeMap, BTreeSet};

use clap::Args;
use serde::{Deserialize, Serialize};

use super::authority::{Role, authorize, first_roles};
use super::{Act, Caller, Done, Needs, Office, Refused, RefusedKind, UseCase};
use crate::domain::command::Command;
use crate::domain::text::{first_hidden, is_blank};
use crate::domain::{AccountChanged, Actor, ActorKind, Event, UnitId, Via};
use crate::journal::{Shelves, WorkFile};
use crate::locale::{Language, Message, message};

/// Longest id, in characters: it stands in events.
const ID_CHARS_MAX: usize = 40;
/// Longest name or post, in characters.
const NAME_CHARS_MAX: usize = 50;
/// Whoever runs an office that has no accounts yet.
const FIRST: &str = "office";
/// Of these, those that are shown by another word.
pub(super) const NAMED: [&str; 2] = [FIRST, "schedules"];
/// What events call somebody who is no account.
const RESERVED: [&str; 5] = [FIRST, "duban", "files", "schedules", "system"];

/// Somebody of the office.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// names it in events, for ever
    pub id: String,
    /// as papers show it
    pub name: String,
    /// their post
    #[serde(default)]
    pub post: String,
    /// what they may do
    pub roles: BTreeSet<Role>,
    /// the account of the machine by which they come over the socket
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<u32>,
    /// of a county leader: their units
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub units: BTreeSet<UnitId>,
    /// was removed: nobody comes in by it, and nobody else may be given its id
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub removed: bool,
}

impl Account {
    /// What the journal keeps of it: what it may do, never who it is.
    fn recorded(&self) -> AccountChanged {
        let Self { id, name: _, post: _, roles, uid, units, removed } = self;
        AccountChanged {
            account: id.clone(),
            roles: roles.iter().map(|role| role.name().to_owned()).collect(),
            uid: *uid,
            units: units.clone(),
            removed: *removed,
        }
    }

    /// Name and post, as papers show it: 王某（督查室主任）.
    #[must_use]
    pub fn shown(&self) -> String {
        if self.post.is_empty() { self.name.clone() } else { format!("{}（{}）", self.name, self.post) }
    }
}

/// All accounts by id; none where the office has not set any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Accounts(BTreeMap<String, Account>);

impl Accounts {
    pub(super) fn load(shelves: &Shelves) -> Result<Self, Refused> {
        let unreadable = |why: &dyn ToString| {
            let message = message("account-file-unreadable").with("path", "secrets/accounts.json");
            Refused::fault(message.with("why", &why.to_string()))
        };
        let bytes = shelves.read(WorkFile::Accounts).map_err(|fault| unreadable(&fault))?;
        let Some(bytes) = bytes else { return Ok(Self::default()) };
        let all: Vec<Account> = serde_json::from_slice(&bytes).map_err(|fault| unreadable(&fault))?;
        Ok(Self(all.into_iter().map(|account| (account.id.clone(), account)).collect()))
    }

    /// Why nobody of the office can come in; `None` where the accounts can be read, or there are none.
    #[must_use]
    pub fn fault(shelves: &Shelves) -> Option<Message> {
        Self::load(shelves).err()?.message.map(|message| *message)
    }

    /// Durable on return.
    fn save(&self, shelves: &Shelves) -> Result<(), Refused> {
        let unsaved =
            |why: &dyn ToString| Refused::fault(message("account-not-saved").with("why", &why.to_string()));
        let all: Vec<&Account> = self.0.values().collect();
        let bytes = serde_json::to_vec_pretty(&all).map_err(|fault| unsaved(&fault))?;
        shelves.write(WorkFile::Accounts, &bytes).map_err(|fault| unsaved(&fault))
    }

    /// Those that somebody may come in by, in the order of their ids.
    pub fn all(&self) -> impl Iterator<Item = &Account> {
        self.0.values().filter(|account| !account.removed)
    }

    /// What the journal should have recorded of each, of removed ones too.
    pub(super) fn recorded(&self) -> BTreeMap<String, AccountChanged> {
        self.0.iter().map(|(id, account)| (id.clone(), account.recorded())).collect()
    }

    /// The ids of all, of removed ones too.
    pub(super) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Who comes by an account of the machine. Where there are no accounts yet, `is_first` (the daemon's own account,
    /// and root) is the office.
    #[must_use]
    pub fn of_uid(&self, uid: u32, is_first: bool) -> Option<Account> {
        if self.all().next().is_none() {
            return is_first.then(|| Account {
                id: FIRST.to_owned(),
                name: "本单位".to_owned(),
                post: String::new(),
                roles: first_roles(),
                uid: Some(uid),
                units: BTreeSet::new(),
                removed: false,
            });
        }
        self.0.values().find(|account| account.uid == Some(uid)).cloned()
    }

    /// How everything shows whoever an event names: name and post of an account, else the event's own word.
    #[must_use]
    pub fn shown(&self, id: &str) -> String {
        match self.0.get(id) {
            Some(account) => account.shown(),
            None if id == FIRST => "本单位".to_owned(),
            None if id == "schedules" => "计划文件".to_owned(),
            None => id.to_owned(),
        }
    }

    /// The same where a remark stands behind the id: `wang：属实`.
    #[must_use]
    pub fn shown_before_remark(&self, says: &str) -> String {
        match says.split_once('：') {
            Some((id, remark)) => format!("{}：{remark}", self.shown(id)),
            None => self.shown(says),
        }
    }

    fn set(mut self, account: Account) -> Result<Self, Refused> {
        if self.0.get(&account.id).is_some_and(|known| known.removed) {
            return Err(Refused::decided(message("account-id-used").with("account", &account.id))
                .cure(message("cure-account-other-id")));
        }
        if let Some(uid) = account.uid
            && let Some(other) =
                self.0.values().find(|other| other.uid == Some(uid) && other.id != account.id)
        {
            return Err(Refused::decided(
                message("account-uid-taken").with("uid", &uid).with("account", &other.id),
            ));
        }
        self.0.insert(account.id.clone(), account);
        self.still_kept()
    }

    fn remove(mut self, id: &str) -> Result<Self, Refused> {
        let Some(account) = self.0.get_mut(id).filter(|account| !account.removed) else {
            return Err(Refused::decided(message("account-none").with("account", id))
                .cure(message("cure-account-list")));
        };
        // The record goes on to say who it was.
        *account = Account {
            roles: BTreeSet::new(),
            uid: None,
            units: BTreeSet::new(),
            removed: true,
            ..account.clone()
        };
        if self.all().next().is_none() { Ok(self) } else { self.still_kept() }
    }

    /// Somebody must be left who can put it right.
    fn still_kept(self) -> Result<Self, Refused> {
        let is_admin =
            |account: &Account| account.uid.is_some() && account.roles.contains(&Role::SystemAdmin);
        if self.0.values().any(is_admin) {
            return Ok(self);
        }
        Err(Refused::decided(message("account-no-admin")).cure(message("cure-account-admin")))
    }
}

fn is_id(id: &str) -> bool {
    (1..=ID_CHARS_MAX).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_line(text: &str) -> bool {
    text.chars().count() <= NAME_CHARS_MAX && !text.contains(char::is_control) && first_hidden(text).is_none()
}

impl Office {
    /// The accounts as they are now.
    ///
    /// # Errors
    /// Their file can't be read.
    pub fn accounts(&self) -> Result<Accounts, Refused> {
        let Ok(kept) = self.history() else { return Ok(Accounts::default()) };
        Accounts::load(&kept.shelves)
    }

    /// Whoever comes over the socket by an account of the machine; `is_first` where that is the daemon's own, or root.
    ///
    /// # Errors
    /// [`RefusedKind::Forbidden`]: no account of the office belongs to it.
    pub fn caller(
        &self,
        (uid, is_first): (u32, bool),
        via: Via,
        request: Option<String>,
    ) -> Result<Caller, Refused> {
        let Some(account) = self.accounts()?.of_uid(uid, is_first) else {
            let why = message("caller-no-account").with("uid", &uid);
            return Err(Refused::of(RefusedKind::Forbidden, why).cure(message("cure-account-set")));
        };
        Ok(Caller {
            actor: Actor { kind: ActorKind::Admin, name: account.id, via },
            roles: account.roles,
            units: account.units,
            request,
            claimed: None,
            language: Language::default(),
        })
    }
}

/// `account list`
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {}

impl UseCase for List {
    type Answer = Vec<Account>;
    const NAME: &'static str = "account/list";
    const ACT: Act = Act::ReadAccounts;
    const NEEDS: Needs = Needs::Journal;

    fn answer(self, office: &Office, _: &Caller) -> Result<Vec<Account>, Refused> {
        Ok(office.accounts()?.all().cloned().collect())
    }
}

/// `account set`: a new account, or another shape of one; what is left out stays.
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Names it in the record, for ever: small letters, digits, hyphens
    pub id: String,
    /// Name, as papers show it
    #[arg(long)]
    pub name: Option<String>,
    /// Post, as papers show it
    #[arg(long)]
    pub post: Option<String>,
    /// What they may do; all that are wanted
    #[arg(long = "role", value_enum)]
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Number of the machine's account by which they come
    #[arg(long)]
    pub uid: Option<u32>,
    /// A county leader's unit; all of them
    #[arg(long = "unit")]
    #[serde(default)]
    pub units: Vec<UnitId>,
}

impl UseCase for Set {
    type Answer = Done;
    const NAME: &'static str = "account/set";
    const ACT: Act = Act::Accounts;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let _one_at_a_time = office.planner()?;
        let Self { id, name, post, roles, uid, units } = self;
        if !is_id(&id) {
            return Err(Refused::wrong(
                message("account-bad-id").with("account", &id).with("max", &ID_CHARS_MAX),
            ));
        }
        let unit = UnitId::parse(&id).ok().filter(|id| office.ledger().unit(id).is_some());
        if unit.is_some() || RESERVED.contains(&id.as_str()) {
            return Err(Refused::decided(message("account-id-reserved").with("account", &id))
                .cure(message("cure-account-other-id")));
        }
        let accounts = office.accounts()?;
        let known = accounts.0.get(&id).cloned();
        let Some(name) = name.or(known.as_ref().map(|known| known.name.clone())) else {
            return Err(Refused::wrong(message("account-needs-name")));
        };
        let of = |get: fn(&Account) -> String| known.as_ref().map(get).unwrap_or_default();
        let post = post.unwrap_or_else(|| of(|known| known.post.clone()));
        if is_blank(&name) || !is_line(&name) || !is_line(&post) {
            return Err(Refused::wrong(message("account-bad-name").with("max", &NAME_CHARS_MAX)));
        }
        let kept = |roles: Vec<Role>| {
            if roles.is_empty() {
                known.as_ref().map(|k| k.roles.clone())
            } else {
                Some(roles.into_iter().collect())
            }
        };
        let roles: BTreeSet<Role> = kept(roles).unwrap_or_default();
        if roles.is_empty() || !roles.iter().all(|role| role.is_of_accounts()) {
            return Err(Refused::wrong(message("account-needs-role")));
        }
        let units: BTreeSet<UnitId> = if units.is_empty() {
            known.as_ref().map(|k| k.units.clone()).unwrap_or_default()
        } else {
            units.into_iter().collect()
        };
        if let Some(missing) = units.iter().find(|unit| office.ledger().unit(unit).is_none()) {
            return Err(
                Refused::decided(message("no-unit").with("unit", missing)).cure(message("cure-unit-list"))
            );
        }
        if roles.contains(&Role::CountyLeader) && units.is_empty() {
            return Err(Refused::wrong(message("account-needs-units")));
        }
        let uid = uid.or(known.as_ref().and_then(|known| known.uid));
        let account = Account { id: id.clone(), name, post, roles, uid, units, removed: false };
        let what = message("done-account-set").with("account", &id).with("shown", &account.shown());
        office.keep_accounts(&accounts.set(account)?, caller, &id, what)
    }
}

/// `account remove`
#[derive(Debug, Clone, Args, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remove {
    /// Which
    pub id: String,
}

impl UseCase for Remove {
    type Answer = Done;
    const NAME: &'static str = "account/remove";
    const ACT: Act = Act::Accounts;

    fn answer(self, office: &Office, caller: &Caller) -> Result<Done, Refused> {
        let Self { id } = self;
        let accounts = office.accounts()?.remove(&id)?;
        office.keep_accounts(&accounts, caller, &id, message("done-account-removed").with("account", &id))
    }
}

impl Office {
    /// Records the change, then makes it: one that could not be recorded never holds.
    fn keep_accounts(
        &self,
        accounts: &Accounts,
        caller: &Caller,
        id: &str,
        what: Message,
    ) -> Result<Done, Refused> {
        authorize(caller, Act::Accounts, None)?;
        let change = accounts.0.get(id).map(Account::recorded);
        let change = change.ok_or_else(|| Refused::decided(message("account-none").with("account", id)))?;
        let deed = self.command(caller, 0, Command::RecordAccount(change), what)?;
        // A repeat of an older request makes nothing undone that came since.
        if !self.account_changed_after(id, deed.position)? {
            accounts.save(&self.history()?.shelves)?;
        }
        Ok(deed.into())
    }

    fn account_changed_after(&self, id: &str, position: u64) -> Result<bool, Refused> {
        for recorded in self.reader()?.read(position) {
            if matches!(recorded?.event, Event::AccountChanged(change) if change.account == id) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(id: &str, roles: &[Role], uid: Option<u32>) -> Account {
        Account {
            id: id.to_owned(),
            name: "王某".to_owned(),
            post: "督查室主任".to_owned(),
            roles: roles.iter().copied().collect(),
            uid,
            units: BTreeSet::new(),
            removed: false,
        }
    }

    #[test]
    fn without_accounts_the_daemons_own_account_is_the_office_and_nobody_else_is_anybody() {
        let none = Accounts::default();
        let first = none.of_uid(0, true).unwrap();
        assert_eq!((first.id.as_str(), none.shown(&first.id)), ("office", "本单位".to_owned()), "never root");
        assert_eq!(first.roles, first_roles());
        assert_eq!(none.of_uid(1000, false), None);
    }

    #[test]
    fn with_accounts_only_they_come_in_and_papers_show_name_and_post() {
        let all = Accounts::default().set(account("wang", &[Role::SystemAdmin], Some(1000))).unwrap();
        let all = all.set(account("li", &[Role::Auditor], Some(1001))).unwrap();
        assert_eq!(all.of_uid(0, true), None, "root is nobody of the office any more");
        assert_eq!(all.of_uid(1001, false).unwrap().id, "li");
        assert_eq!(all.shown("wang"), "王某（督查室主任）");
        assert_eq!(all.shown_before_remark("wang：属实"), "王某（督查室主任）：属实");
        assert_eq!(all.shown("root"), "root", "of an older record");
        assert!(all.clone().set(account("zhao", &[Role::Clerk], Some(1000))).is_err(), "one account each");
    }

    #[test]
    fn a_system_admin_is_always_left() {
        let first = Accounts::default().set(account("wang", &[Role::Clerk], Some(1000)));
        assert!(first.unwrap_err().what.contains("至少要有一个账号是系统管理员"));
        let all = Accounts::default().set(account("wang", &[Role::SystemAdmin], Some(1000))).unwrap();
        let all = all.set(account("li", &[Role::Auditor], None)).unwrap();
        assert!(all.clone().remove("wang").is_err());
        assert!(all.clone().set(account("wang", &[Role::Clerk], Some(1000))).is_err());
        let one = all.remove("li").unwrap();
        let none = one.remove("wang").unwrap();
        assert_eq!(none.of_uid(0, true).unwrap().id, "office", "back to the first shape");
    }

    #[test]
    fn the_id_of_a_removed_account_names_nobody_else() {
        let all = Accounts::default().set(account("wang", &[Role::SystemAdmin], Some(1000))).unwrap();
        let all = all.set(account("li", &[Role::Reviewer], Some(1001))).unwrap().remove("li").unwrap();
        assert_eq!(all.shown("li"), "王某（督查室主任）", "the record says who it was");
        assert_eq!(all.of_uid(1001, false), None);
        assert_eq!(all.all().map(|account| account.id.as_str()).collect::<Vec<_>>(), ["wang"]);
        let other = account("li", &[Role::Reviewer], Some(1002));
        assert_eq!(
            all.clone().set(other).unwrap_err().what,
            "账号li已经用过，记录中仍指原来的人，不能再给别人"
        );
        assert_eq!(all.remove("li").unwrap_err().what, "没有账号li");
    }

    #[test]
    fn they_are_kept_for_their_owner_alone_and_read_back() {
        use std::fs;
        use std::os::unix::fs::PermissionsExt as _;
        let home = tempfile::tempdir().unwrap();
        let shelves = Shelves::of(home.path());
        assert_eq!(Accounts::load(&shelves).unwrap(), Accounts::default());
        let all = Accounts::default().set(account("wang", &[Role::SystemAdmin], Some(1000))).unwrap();
        all.save(&shelves).unwrap();
        assert_eq!(Accounts::load(&shelves).unwrap(), all);
        let mode = |name: &str| fs::metadata(home.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("secrets/accounts.json"), mode("secrets")), (0o600, 0o700));
        fs::write(home.path().join("secrets/accounts.json"), "[]x").unwrap();
        let refused = Accounts::load(&shelves).expect_err("what can't be read lets nobody in");
        assert!(refused.what.contains("secrets/accounts.json"), "{refused}");
    }
}
