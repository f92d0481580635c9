//! A way to a server that can be cut.

use std::net::SocketAddr;

use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

pub struct Proxy {
    pub address: SocketAddr,
    cut: watch::Sender<()>,
    _work: JoinSet<()>,
}

impl Proxy {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (cut, end) = watch::channel(());
        let mut work = JoinSet::new();
        work.spawn(async move {
            let mut relays = JoinSet::new();
            loop {
                let (client, _) = listener.accept().await.unwrap();
                relays.spawn(relay(client, server, end.clone()));
                while relays.try_join_next().is_some() {}
            }
        });
        Self {
            address,
            cut,
            _work: work,
        }
    }

    /// Breaks every connection.
    pub fn cut(&self) {
        self.cut.send_replace(());
    }
}

async fn relay(mut client: TcpStream, server: SocketAddr, mut end: watch::Receiver<()>) {
    end.mark_unchanged();
    tokio::select! {
        _ = end.changed() => {}
        _ = async {
            let mut server = TcpStream::connect(server).await?;
            copy_bidirectional(&mut client, &mut server).await
        } => {}
    }
}
