//! Keys of this duban: made by chance on the first start, in `secrets/`, which no backup mixes with the rest.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

use anyhow::Context as _;
use tracing::warn;

use crate::link::{KEY_BYTES, LinkKey};

/// Directory of keys within the data directory.
const SECRETS: &str = "secrets";
/// The key of all links in letters.
const LINK_KEY: &str = "link-key";

/// The key of all links, made where there is none; `has_history` tells whether letters may have gone before.
///
/// # Errors
/// The file holds something else than a key, or can't be read or made.
pub fn link_key(data: &Path, has_history: bool) -> anyhow::Result<LinkKey> {
    let dir = data.join(SECRETS);
    let path = dir.join(LINK_KEY);
    match fs::read(&path) {
        Ok(bytes) => {
            let key: [u8; KEY_BYTES] = bytes.as_slice().try_into().map_err(|_| {
                anyhow::anyhow!(
                    "{} holds {} bytes instead of {KEY_BYTES}; put back the one from the backup of the secrets, or delete it, and no link sent so far opens anything",
                    path.display(),
                    bytes.len()
                )
            })?;
            Ok(LinkKey::new(key))
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            if has_history {
                warn!(
                    "secrets/link-key was not there and is made anew: links of earlier letters open nothing any more"
                );
            }
            make(&dir, &path).with_context(|| format!("{} can't be made", path.display()))
        }
        Err(fault) => Err(fault).with_context(|| format!("{} can't be read", path.display())),
    }
}

/// A new key, durable on return: a letter must not bear a link whose key is lost with the power.
fn make(dir: &Path, path: &Path) -> anyhow::Result<LinkKey> {
    let mut key = [0; KEY_BYTES];
    getrandom::fill(&mut key)
        .map_err(|fault| anyhow::anyhow!("the system gives no random bytes: {fault}"))?;
    DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let beside = path.with_extension("new");
    match fs::remove_file(&beside) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => return Err(fault.into()),
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(&key)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    File::open(dir)?.sync_all()?;
    if let Some(above) = dir.parent() {
        File::open(above)?.sync_all()?;
    }
    Ok(LinkKey::new(key))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use chrono::NaiveDate;

    use super::*;
    use crate::link::Link;

    fn token(key: &LinkKey) -> String {
        let last_day = NaiveDate::from_ymd_opt(2021, 9, 21).unwrap();
        key.token(&Link { letter: "2021-0623-07".parse().unwrap(), last_day })
    }

    #[test]
    fn a_key_is_made_once_and_is_nobody_elses() {
        let home = tempfile::tempdir().unwrap();
        let first = token(&link_key(home.path(), false).unwrap());
        assert_eq!(token(&link_key(home.path(), true).unwrap()), first);
        let mode = |name: &str| fs::metadata(home.path().join(name)).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode("secrets"), mode("secrets/link-key")), (0o700, 0o600));
        let other = tempfile::tempdir().unwrap();
        assert_ne!(token(&link_key(other.path(), false).unwrap()), first);
    }

    #[test]
    fn a_damaged_key_is_told_and_never_replaced() {
        let home = tempfile::tempdir().unwrap();
        link_key(home.path(), false).unwrap();
        let path = home.path().join("secrets/link-key");
        fs::write(&path, b"short").unwrap();
        let told = link_key(home.path(), true).unwrap_err().to_string();
        assert!(told.contains("5 bytes instead of 32") && told.contains("backup"), "{told}");
        assert_eq!(fs::read(&path).unwrap(), b"short");
    }
}
