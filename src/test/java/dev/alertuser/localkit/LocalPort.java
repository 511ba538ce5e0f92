package dev.alertuser.localkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A port on loopback. */
final class LocalPort {
    private LocalPort() {}

    /** Whether somebody listens there; port 0, which stands for any free one, is never taken. */
    static boolean isTaken(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return !socket.isBound();
        } catch (IOException e) {
            return true;
        }
    }
}
