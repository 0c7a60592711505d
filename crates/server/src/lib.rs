//! The process: one port, the gate, records of calls, duties beside them, metrics, and a stop that finishes.
//!
//! [`serve`] runs a server until it is told to stop (SIGINT, SIGTERM); [`config_show`] prints what it would run with.
//! The way of a request is in `routes`, how the parts are put together in `app`.
//!
//! Only this crate spawns tasks, and only it knows HTTP.

mod app;
mod appender;
pub mod args;
mod body;
mod channel;
pub mod config;
mod copies;
mod credentials;
mod duties;
mod gate;
mod history;
mod imports;
mod ingestions;
mod keys;
mod listener;
mod metrics;
mod payload;
mod queries;
pub mod receivers;
mod record;
pub mod recording;
mod respond;
mod routes;
mod service;
mod sink;
pub mod targets;
mod telemetry;

use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use clap::ArgMatches;
use opentrail_model::client_file::ClientFile;
use tokio::net::TcpListener;

use crate::app::Ground;
use crate::args::ServeArgs;
use crate::config::Config;

/// Runs a server until it is told to stop.
pub async fn serve(args: &ServeArgs, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    let config = Config::resolve(args, matches)?;
    telemetry::start(config.log_format.value, &config.log.value);
    let grace = config.shutdown_grace.value;
    let tls = config.tls.value.as_ref().map(listener::tls_acceptor).transpose()?;
    let ground = Ground::open(&config.data_dir.value).await?;
    let journal = ground.journal.clone();
    let catalog = ground.catalog.clone();
    let root = credentials::ensure_root_key(
        &config,
        &ground.catalog,
        &ground.vault,
        ground.clock.as_ref(),
        ground.entropy.as_ref(),
    )
    .await?;
    let (app, engines) = app::assemble(config, ground).await?;
    let mut listeners = Vec::new();
    for door in &app.doors {
        listeners.push((Arc::clone(door), bind(door.address).await?));
    }
    announce(&app.config, &listeners[0].1, &root)?;

    let tick = app.config.delivery_interval.value.min(Duration::from_secs(1));
    let stopped = app.stopping.subscribe();
    let delivering = tokio::spawn(duties::deliver(engines.delivery, tick, stopped.clone()));
    let keeping = tokio::spawn(duties::keep(engines.lake, journal.changed(), stopped.clone()));
    let forgetting = tokio::spawn(duties::forget(app.queries.clone(), app.copies.clone(), stopped.clone()));
    let noting = tokio::spawn(duties::note_ingestions(Arc::clone(&app), stopped.clone()));
    let refreshing = tokio::spawn(duties::refresh(app.api.clone(), stopped.clone()));
    let serve =
        |(door, listener)| listener::serve(listener, tls.clone(), Arc::clone(&app), door, stopped.clone(), grace);
    let serving: Vec<_> = listeners.into_iter().map(|it| tokio::spawn(serve(it))).collect();
    told_to_stop().await?;
    tracing::info!("stopping: no new connections; finishing what was accepted");
    app.stopping.send_replace(true);
    for port in serving {
        port.await?;
    }
    app.recording.tasks.drain(grace).await;
    noting.await?;
    app.ingestions.write(&catalog).await;
    app.copies.drain().await;
    delivering.await?;
    keeping.await?;
    forgetting.await?;
    refreshing.await?;
    app.queries.halt().await;
    journal.close().await;
    catalog.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    let listener = TcpListener::bind(address).await;
    listener.with_context(|| format!("cannot listen on {address}; is another server running? choose one with --listen"))
}

/// Prints each setting, its value and where it came from.
#[allow(clippy::print_stdout, reason = "this is what the command is for")]
pub fn config_show(args: &ServeArgs, matches: &ArgMatches) -> anyhow::Result<ExitCode> {
    for (name, value, origin) in Config::resolve(args, matches)?.rows() {
        println!("{name:<24} {value:<40} {origin}");
    }
    Ok(ExitCode::SUCCESS)
}

fn announce(config: &Config, listener: &TcpListener, root: &credentials::RootKey) -> anyhow::Result<()> {
    let endpoint = config.endpoint(listener.local_addr()?);
    let dir = &config.data_dir.value;
    credentials::write_client_file(
        dir,
        &ClientFile {
            endpoint: endpoint.clone(),
            region: config.region.value.to_string(),
            access_key_id: (!root.given).then(|| root.id.clone()),
            secret_access_key: (!root.given).then(|| root.secret.expose().to_owned()),
            ca_bundle: config.tls.value.as_ref().map(|tls| std::path::absolute(&tls.cert)).transpose()?,
        },
    )?;
    tracing::info!(
        %endpoint,
        data_dir = %dir.display(),
        root_access_key_id = root.id,
        "serving; `eval \"$(opentrail env --data-dir {})\"` points AWS clients here",
        dir.display()
    );
    Ok(())
}

async fn told_to_stop() -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
