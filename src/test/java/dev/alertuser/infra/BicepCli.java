package dev.alertuser.infra;

import static dev.alertuser.infra.LoudAssumption.assumeLoudly;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The Bicep CLI: the one that the variable BICEP names, else the one on the PATH. Needs no network and no Azure. */
final class BicepCli {
    private final String program;

    private BicepCli(String program) {
        this.program = program;
    }

    /** The CLI; without one the test is skipped. */
    static BicepCli find() {
        Optional<String> program = Optional.ofNullable(System.getenv("BICEP"))
                .or(() -> Command.onPath("bicep").map(Path::toString));
        assumeLoudly(program.isPresent(), "infra/*.bicep, for want of the Bicep CLI on the PATH or in BICEP");
        return new BicepCli(program.get());
    }

    Command.Outcome run(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program));
        command.addAll(List.of(arguments));
        return Command.run(command, Map.of());
    }
}
