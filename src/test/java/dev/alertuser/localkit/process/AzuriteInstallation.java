package dev.alertuser.localkit.process;

import java.nio.file.Path;

/** Azurite as npm installs it, and how it is run. */
final class AzuriteInstallation {
    private AzuriteInstallation() {}

    /** The script that node runs. */
    static Path script() {
        return NpmInstallation.of("azurite").resolve(Path.of("azurite", "dist", "src", "azurite.js"));
    }

    /** Makes Azurite end when its standard input does, and in order. */
    static Path endOnce() {
        return Path.of("src", "test", "azurite", "end-once.cjs").toAbsolutePath();
    }
}
