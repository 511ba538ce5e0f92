package dev.alertuser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EarlyStartTest {
    /** As azure-functions-host names them in FUNCTIONS_TARGET_GROUP. */
    @ParameterizedTest
    @CsvSource({
        ", true",
        "'', true",
        "http, true",
        "function:AlertUserRequests, true",
        "Function:alertuserrequests, true",
        "function:AlertUserPoison, false",
        "function:Purge, false"
    })
    void beginsWhereAlertsAreLookedUp(String group, boolean begins) {
        assertThat(EarlyStart.looksAlertsUp(group)).isEqualTo(begins);
    }

    @Test
    void isWhatTheWorkerFinds() {
        assertThat(ServiceLoader.load(FunctionInstanceInjector.class).stream()
                        .map(found -> found.type().getName()))
                .containsExactly(EarlyStart.class.getName());
    }
}
