package dev.alertuser.functions.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An invalid request loads no classes that it does not need. */
class InvalidRequestIT {

    @Test
    void isAnsweredWithoutLoadingTheAzureSdk() throws Exception {
        Process probe = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:stdout",
                        "-cp",
                        System.getProperty("java.class.path"),
                        InvalidRequestProbe.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = probe.inputReader().lines().toList();

        assertThat(probe.waitFor()).isZero();
        assertThat(lines).anyMatch(line -> line.equals("answered BAD_REQUEST"));
        assertThat(lines).anyMatch(line -> line.contains("dev.alertuser.functions.lookup.AlertUserFunction "));
        assertThat(lines)
                .noneMatch(line -> line.contains(" com.azure.")
                        || line.contains(" reactor.")
                        || line.contains(" io.netty.")
                        || line.contains(" com.microsoft.aad."));
    }
}
