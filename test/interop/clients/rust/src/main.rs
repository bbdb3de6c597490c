//! For each line that it reads, one and the same STS client of the AWS SDK for Rust says who it is.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use aws_config::BehaviorVersion;
use aws_sdk_sts::Client;
use aws_sdk_sts::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_sts::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sts::error::{BoxError, DisplayErrorContext};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    // The sandbox speaks plain HTTP: no TLS is built.
    let http = aws_smithy_http_client::Builder::new().build_http();
    let config = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .load()
        .await;
    let key = SigningKey::default();
    let sts = aws_sdk_sts::config::Builder::from(&config)
        .interceptor(key.clone())
        .build();
    let client = Client::from_conf(sts);
    for line in io::stdin().lines() {
        line?;
        println!("{}", answer(&client, &key).await);
        io::stdout().flush()?;
    }
    Ok(())
}

async fn answer(client: &Client, key: &SigningKey) -> Value {
    match client.get_caller_identity().send().await {
        Ok(identity) => json!({ "arn": identity.arn(), "accessKeyId": key.id() }),
        Err(error) => json!({ "error": DisplayErrorContext(error).to_string() }),
    }
}

/// The id of the key that the newest request was signed with.
#[derive(Clone, Debug, Default)]
struct SigningKey(Arc<Mutex<String>>);

impl SigningKey {
    fn id(&self) -> String {
        self.0.lock().unwrap().clone()
    }
}

impl Intercept for SigningKey {
    fn name(&self) -> &'static str {
        "SigningKey"
    }

    fn read_after_signing(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let authorization = context
            .request()
            .headers()
            .get("authorization")
            .unwrap_or_default();
        let (_, behind) = authorization.split_once("Credential=").unwrap_or_default();
        let (id, _) = behind.split_once('/').unwrap_or_default();
        *self.0.lock().unwrap() = id.to_owned();
        Ok(())
    }
}
