package dev.alertuser.functions.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.alertuser.functions.http.GivenContext;
import dev.alertuser.service.port.MessageQueue;
import dev.alertuser.service.port.MessageQueues;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

/** Works with the queues alone, so it works while the settings are wrong. */
class AlertUserPoisonFunctionTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final String ALERT = "da637472900382838869_1364969609";

    private final MessageQueue results = mock(MessageQueue.class);
    private final MessageQueues queues = new MessageQueues(mock(MessageQueue.class), results);
    private final List<String> lines = new ArrayList<>();

    @Test
    void aPoisonedRequestEndsWithItsText() throws Exception {
        String message = "{\"alertId\":\"" + ALERT + "\",\"correlationId\":\"c-1\"}";

        run(message);

        JsonNode result = sentResult();
        assertThat(result.get("outcome").textValue()).isEqualTo("failed");
        assertThat(result.get("alertId").textValue()).isEqualTo(ALERT);
        assertThat(result.get("correlationId").textValue()).isEqualTo("c-1");
        assertThat(result.get("error").get("code").textValue()).isEqualTo("InternalError");
        assertThat(result.get("originalMessage").textValue()).isEqualTo(message);
    }

    @Test
    void aPoisonedInvalidMessageEndsWithItsTextToo() throws Exception {
        run("{");

        assertThat(sentResult().get("outcome").textValue()).isEqualTo("failed");
        assertThat(sentResult().get("originalMessage").textValue()).isEqualTo("{");
    }

    private void run(String message) {
        new AlertUserPoisonFunction(new QueueEdge(Optional::empty), () -> queues, () -> NOON)
                .run(message, GivenContext.of("AlertUserPoison", lines));
    }

    private JsonNode sentResult() throws Exception {
        ArgumentCaptor<String> text = ArgumentCaptor.captor();
        verify(results).send(text.capture(), eq(Duration.ZERO));
        return new ObjectMapper().readTree(text.getValue());
    }
}
