package dev.sluice.proxy.codec.http1.connection;

import dev.sluice.proxy.stream.ClientConnection;

/** Listens to a client connection until its pool has said who does. */
enum Unheard implements ClientConnection.Listener {
    LISTENER;

    @Override
    public void onStreamsAvailable(ClientConnection connection) {}

    @Override
    public void onDraining(ClientConnection connection) {}

    @Override
    public void onClosed(ClientConnection connection) {}
}
