//! TLS to a mail server: rustls with ring, the machine's authorities or those of `ca_file`.

use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::config::CA_FILE_BYTES_MAX;
use crate::plain_file;

/// Whom to trust; read once.
pub(super) fn trust(ca_file: Option<&Path>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore::empty();
    if let Some(path) = ca_file {
        let unreadable = |why: String| format!("ca_file {} can't be used: {why}", path.display());
        let pem = plain_file::read(path, CA_FILE_BYTES_MAX).map_err(|fault| unreadable(fault.to_string()))?;
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
            return Err(message.to_owned());
        }
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|fault| fault.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// The handshake with the server of this name or address.
pub(super) async fn encrypt(
    config: Arc<ClientConfig>,
    host: &str,
    tcp: TcpStream,
) -> io::Result<TlsStream<TcpStream>> {
    let odd = |_| {
        let message = format!("{host} is no name for a certificate");
        io::Error::new(io::ErrorKind::InvalidInput, message)
    };
    let name = ServerName::try_from(host.to_owned()).map_err(odd)?;
    TlsConnector::from(config).connect(name, tcp).await
}
