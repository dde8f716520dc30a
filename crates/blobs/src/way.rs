//! The way to the service: where the operator says and nowhere else.
//!
//! The guard of `outbound` is for URLs of strangers. This one is a setting, so it may be in a private network; but whoever answers
//! there must not lead us on to where the guard would not let us go. So redirects are not followed.

use std::time::Duration;

use object_store::ClientOptions;
use object_store::client::{HttpClient, HttpConnector};
use reqwest::redirect::Policy;

/// For connecting.
const CONNECT: Duration = Duration::from_secs(5);

/// For one request, and with its repetitions.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// For who moves blobs: nothing comes, or a part does not get away.
const SILENCE: Duration = Duration::from_mins(1);

#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) has_tls: bool,
    pub(crate) patience: Patience,
}

/// How long somebody waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Patience {
    /// For the whole of it, which is short.
    Whole,
    /// For the beginning of it and then for what comes next: whoever reads a blob may be slow.
    Next,
}

impl HttpConnector for Way {
    fn connect(&self, _: &ClientOptions) -> object_store::Result<HttpClient> {
        let builder = match self.patience {
            Patience::Whole => reqwest::Client::builder().timeout(TIMEOUT),
            Patience::Next => reqwest::Client::builder().read_timeout(SILENCE),
        };
        let client = builder
            .https_only(self.has_tls)
            .redirect(Policy::none())
            .connect_timeout(CONNECT)
            // Objects come as they were stored.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .build();
        let client =
            client.map_err(|error| object_store::Error::Generic { store: "S3", source: Box::new(error) })?;
        Ok(HttpClient::new(client))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::time::timeout;

    use crate::{Bucket, Error, Location, Unfit};

    #[tokio::test]
    async fn whoever_is_there_leads_us_nowhere_else() {
        let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let there = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = there.local_addr().unwrap();
        let answer = format!(
            "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{}/files/x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
            elsewhere.local_addr().unwrap()
        );
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = there.accept().await {
                let mut request = [0; 4096];
                _ = socket.read(&mut request).await;
                _ = socket.write_all(answer.as_bytes()).await;
            }
        });
        let location = Location::parse(&format!("s3://key:hush@{address}/files?tls=false")).unwrap();
        let bucket = Bucket::new(location).unwrap();
        let refused = bucket.get("x", 10).await.unwrap_err();
        assert!(matches!(refused, Error::Store(_)), "{refused}");
        let unfit = bucket.check().await.unwrap_err();
        assert!(matches!(unfit, Unfit::Write(Error::Store(_))) && !format!("{unfit:?}").contains("hush"));
        let nobody = timeout(Duration::from_millis(100), elsewhere.accept()).await;
        assert!(nobody.is_err(), "somebody came along");
    }
}
