//! TLS to the relay: rustls with ring, the machine's authorities or those of `ca_file`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::trouble::Trouble;

/// Whom to trust; read once.
pub(super) fn trust(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, Trouble> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        let unreadable =
            |why: String| Trouble::Ours(format!("ca_file {} can't be used: {why}", path.display()));
        let pem = fs::read(path).map_err(|fault| unreadable(fault.to_string()))?;
        for certificate in CertificateDer::pem_slice_iter(&pem) {
            let certificate = certificate.map_err(|fault| unreadable(fault.to_string()))?;
            roots.add(certificate).map_err(|fault| unreadable(fault.to_string()))?;
        }
        if roots.is_empty() {
            return Err(unreadable("it holds no certificate".to_owned()));
        }
    } else {
        let found = rustls_native_certs::load_native_certs();
        if roots.add_parsable_certificates(found.certs).0 == 0 {
            let message = "this machine knows no authorities; install ca-certificates, or set ca_file";
            return Err(Trouble::Ours(message.to_owned()));
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|fault| Trouble::Ours(fault.to_string()))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}
