//! The disk in memory fails as it promises.

use super::*;

fn disk_with_file(seed: u64) -> (FaultyDisk, PathBuf, FaultyFile) {
    let disk = FaultyDisk::new(seed);
    disk.create_dir_all(Path::new("/d")).unwrap();
    disk.sync_dir(Path::new("/")).unwrap();
    let path = PathBuf::from("/d/f");
    let file = disk.open_growing(&path).unwrap();
    (disk, path, file)
}

#[test]
fn what_is_synced_stays_and_what_is_not_may_go() {
    let mut fates = BTreeSet::new();
    for seed in 0..50 {
        let (disk, path, mut file) = disk_with_file(seed);
        file.append(b"safe").unwrap();
        file.sync().unwrap();
        disk.sync_dir(Path::new("/d")).unwrap();
        file.append(b"lost").unwrap();
        disk.crash();
        let bytes = disk.read(&path, 0).unwrap().unwrap();
        assert!(bytes.starts_with(b"safe"));
        fates.insert(bytes);
    }
    assert!(fates.contains(b"safe".as_slice()) && fates.contains(b"safelost".as_slice()));
    assert!(fates.len() > 4, "{fates:?}");
}

#[test]
fn an_entry_needs_its_directory_synced() {
    let lost = (0..20).filter(|seed| {
        let (disk, path, mut file) = disk_with_file(*seed);
        file.append(b"x").unwrap();
        file.sync().unwrap();
        disk.crash();
        disk.read(&path, 0).unwrap().is_none()
    });
    assert!(lost.count() > 3);
}

#[test]
fn after_a_failed_sync_the_cache_lies() {
    let (disk, path, mut file) = disk_with_file(1);
    disk.sync_dir(Path::new("/d")).unwrap();
    file.append(b"gone").unwrap();
    disk.fail_syncs(1);
    assert!(file.sync().is_err());
    file.append(b"kept").unwrap();
    assert!(file.sync().is_ok());
    assert_eq!(disk.read(&path, 0).unwrap().unwrap(), b"gonekept");
    disk.crash();
    assert_eq!(disk.read(&path, 0).unwrap().unwrap(), b"\0\0\0\0kept");
}

#[test]
fn a_full_disk_takes_a_part() {
    let (disk, path, mut file) = disk_with_file(1);
    disk.set_faults(Faults { space_bytes: Some(3), ..Faults::default() });
    assert_eq!(file.append(b"abcd").unwrap_err().kind(), io::ErrorKind::StorageFull);
    assert_eq!(disk.read(&path, 0).unwrap().unwrap(), b"abc");
}
