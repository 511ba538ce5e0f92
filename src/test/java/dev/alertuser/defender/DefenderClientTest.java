package dev.alertuser.defender;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.azure.core.credential.AccessToken;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import dev.alertuser.localkit.fake.FakeDefender;
import dev.alertuser.localkit.fake.FakeDefenderAnswer;
import dev.alertuser.localkit.fake.FakeToken;
import dev.alertuser.service.alert.AlertId;
import dev.alertuser.service.alert.Correlation;
import dev.alertuser.service.alert.LookupResult;
import dev.alertuser.service.alert.LookupResult.Deferred;
import dev.alertuser.service.alert.LookupResult.Found;
import dev.alertuser.service.alert.LookupResult.NotFound;
import dev.alertuser.service.alert.LookupResult.Origin;
import dev.alertuser.service.alert.LookupResult.Reason;
import dev.alertuser.service.alert.LookupResult.Source;
import dev.alertuser.service.budget.LatePermitException;
import dev.alertuser.service.budget.Permit;
import dev.alertuser.service.port.DefenderApi;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.resources.ConnectionProvider;

class DefenderClientTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final AlertId ALERT = new AlertId(FakeDefender.SEED_ALERT);
    private static final Correlation CORRELATION = new Correlation("call-1", null);
    private static final Permit PERMIT = () -> true;
    /** For the servers that do not answer; the others answer long before. */
    private static final Timeouts SHORT =
            new Timeouts(Duration.ofSeconds(3), Duration.ofMillis(200), Duration.ofMillis(200));

    private final FakeDefender defender = FakeDefender.start();

    @AfterEach
    void close() throws Exception {
        defender.close();
    }

    @Nested
    class Request {
        @Test
        void asksForTheAlertsUser() throws Exception {
            assertThat(find(client(defender.url()))).isInstanceOf(Found.class);
            assertThat(onlyRequest().alertId()).isEqualTo(FakeDefender.SEED_ALERT);
        }

        @Test
        void sendsItsHeadersAndNoAcceptEncoding() throws Exception {
            find(client(defender.url()));

            assertThat(onlyRequest().headers())
                    .containsEntry("accept", "application/json")
                    .containsEntry("user-agent", "defender-alert-user")
                    .containsEntry("x-ms-client-request-id", "call-1")
                    .doesNotContainKeys("traceparent", "accept-encoding");
        }

        @Test
        void sendsTheTraceContextOfTheInvocation() throws Exception {
            String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

            client(defender.url())
                    .authorize(Duration.ZERO)
                    .findUser(ALERT, PERMIT, new Correlation("call-1", traceparent));

            assertThat(onlyRequest().traceparent()).contains(traceparent);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "a\r\nx-evil: 1", "größe", "tab\tbed"})
        void leavesOutACorrelationIdThatAHeaderCannotHold(String id) throws Exception {
            assertThat(findWithCorrelationId(id)).isInstanceOf(Found.class);
            assertThat(onlyRequest().clientRequestId()).isEmpty();
        }

        @Test
        void leavesOutACorrelationIdOfMoreThan128Characters() throws Exception {
            findWithCorrelationId("x".repeat(128));
            findWithCorrelationId("x".repeat(129));

            assertThat(defender.received())
                    .extracting(request -> request.clientRequestId().isPresent())
                    .containsExactly(true, false);
        }

        @Test
        void slashesAtTheEndOfTheUrlAreNotDoubled() throws Exception {
            assertThat(find(client(URI.create(defender.url() + "/")))).isInstanceOf(Found.class);
        }

        private FakeDefender.Received onlyRequest() {
            assertThat(defender.received()).hasSize(1);
            return defender.received().get(0);
        }

        private LookupResult findWithCorrelationId(String id) throws Exception {
            return client(defender.url()).authorize(Duration.ZERO).findUser(ALERT, PERMIT, new Correlation(id, null));
        }
    }

    @Nested
    class Answers {
        @Test
        void keepsTheUsersJsonByteForByte() throws Exception {
            String json = "{ \"id\" : \"contoso\\\\J\\u00fcrgen Größe \uD83D\uDE00\",\n\"new\":[1.50,null]}";
            defender.answerNext(FakeDefenderAnswer.user(json));

            Found found = (Found) find(client(defender.url()));

            assertThat(found.user().json()).isEqualTo(json);
            assertThat(found.user().id()).isEqualTo("contoso\\Jürgen Größe \uD83D\uDE00");
            assertThat(found.origin()).isEqualTo(new Origin(Source.DEFENDER, NOON, null, 200));
        }

        @Test
        void skipsAByteOrderMark() throws Exception {
            defender.answerNext(FakeDefenderAnswer.of(200, "\uFEFF{\"id\":\"a\"}"));

            Found found = (Found) find(client(defender.url()));

            assertThat(found.user().json()).isEqualTo("{\"id\":\"a\"}");
        }

        @Test
        void takesTheOneUserOutOfACollection() throws Exception {
            defender.answerNext(FakeDefenderAnswer.of(
                    200, "{\"@odata.context\":\"c\",\"value\":[{\"id\":\"a\",\"unknown\":[1,null]}]}"));

            Found found = (Found) find(client(defender.url()));

            assertThat(found.user().json()).isEqualTo("{\"id\":\"a\",\"unknown\":[1,null]}");
            assertThat(found.user().id()).isEqualTo("a");
        }

        @Test
        void readsTheAccountOfTheUser() throws Exception {
            Found found = (Found) find(client(defender.url()));

            assertThat(found.user().id()).isEqualTo("contoso\\user1");
            assertThat(found.user().accountName()).isEqualTo("user1");
            assertThat(found.user().accountDomain()).isEqualTo("contoso");
            assertThat(found.user().accountSid()).isEqualTo("S-1-5-21-72051607-1745760036-109187956-93922");
        }

        @Test
        void aUserInTheShapeOf2020HasNoAccount() throws Exception {
            defender.answerNext(FakeDefenderAnswer.userOf2020());

            Found found = (Found) find(client(defender.url()));

            assertThat(found.user().id()).isEqualTo("contoso\\user2");
            assertThat(found.user().accountName()).isNull();
        }

        @Test
        void nullsInAUserAreNull() throws Exception {
            defender.answerNext(FakeDefenderAnswer.userWithNulls());

            Found found = (Found) find(client(defender.url()));

            assertThat(found.user().accountName()).isEqualTo("user three");
            assertThat(found.user().accountSid()).isNull();
        }

        @ParameterizedTest(name = "{0} {1}: {2}")
        @CsvSource(delimiter = '|', textBlock = """
                200 | {"id":"a"}                                  | found
                200 | {"accountName":"a"}                         | found
                200 | {"accountSid":"S-1-5-18"}                   | found
                200 | {"value":[{"id":"a"}]}                      | found
                200 | {"@odata.context":"c","isDomainAdmin":false} | not found
                200 | {"id":" ","accountName":"","accountSid":null,"accountDomain":"c"} | not found
                200 | {"value":[{"id":""}]}                       | not found
                200 | {"value":[{"id":"a"},{"id":"b"}]}           | DEFENDER_BAD_ANSWER PT30S
                200 | {"value":["a"]}                             | DEFENDER_BAD_ANSWER PT30S
                200 | {"error":{"code":"","message":"An error has occurred."}} | DEFENDER_BAD_ANSWER PT30S
                200 | {"error":{"code":""},"id":"a"}              | DEFENDER_BAD_ANSWER PT30S
                200 | ''                                          | not found
                200 | ' '                                         | not found
                200 | {}                                          | not found
                200 | {"@odata.context":"c"}                      | not found
                200 | {"@odata.context":"c","@odata.null":true}   | not found
                200 | {"@odata.context":"c","id":null,"accountName":null} | not found
                200 | {"value":[]}                                | not found
                200 | {"@odata.context":"c","value":[]}           | not found
                204 | ''                                          | not found
                404 | {"error":{"code":"NotFound"}}               | not found
                404 | ''                                          | not found
                200 | <html></html>                               | DEFENDER_BAD_ANSWER PT30S
                200 | []                                          | DEFENDER_BAD_ANSWER PT30S
                200 | "text"                                      | DEFENDER_BAD_ANSWER PT30S
                200 | null                                        | DEFENDER_BAD_ANSWER PT30S
                200 | {"id":"a"} trailing                         | DEFENDER_BAD_ANSWER PT30S
                200 | {"id":"a"}{}                                | DEFENDER_BAD_ANSWER PT30S
                200 | {"id":                                      | DEFENDER_BAD_ANSWER PT30S
                201 | {"id":"a"}                                  | DEFENDER_BAD_ANSWER PT30S
                304 | ''                                          | DEFENDER_BAD_ANSWER PT30S
                400 | {"error":{"code":"BadRequest"}}             | rejected
                400 | <html></html>                               | rejected
                405 | ''                                          | DEFENDER_BAD_ANSWER PT30S
                410 | {"error":{"code":"429"}}                    | DEFENDER_BAD_ANSWER PT30S
                401 | {"error":{"code":"Unauthorized"}}           | DEFENDER_ACCESS_DENIED PT5M
                403 | {"error":{"code":"429"}}                    | DEFENDER_ACCESS_DENIED PT5M
                403 | <html></html>                               | DEFENDER_ACCESS_DENIED PT5M
                408 | ''                                          | DEFENDER_TIMEOUT PT30S
                504 | <html></html>                               | DEFENDER_TIMEOUT PT30S
                500 | {"error":{"code":"TooManyRequests"}}        | DEFENDER_UNAVAILABLE PT30S
                502 | <html></html>                               | DEFENDER_UNAVAILABLE PT30S
                503 | ''                                          | DEFENDER_UNAVAILABLE PT30S
                """)
        void goesByTheStatus(int status, String body, String expected) throws Exception {
            defender.answerNext(FakeDefenderAnswer.of(status, body));

            assertThat(outcome(find(client(defender.url())))).isEqualTo(expected);
            assertThat(defender.requests()).isEqualTo(1);
        }

        @Test
        void waitsAsLongAsAnUnavailableServerAsks() throws Exception {
            defender.answerNext(FakeDefenderAnswer.html(503).with("Retry-After", "120"));

            assertThat(outcome(find(client(defender.url())))).isEqualTo("DEFENDER_UNAVAILABLE PT2M");
        }

        @Test
        void followsNoRedirect() throws Exception {
            String elsewhere = defender.url() + "/api/alerts/da1/user";
            defender.answerNext(FakeDefenderAnswer.redirect(elsewhere));

            assertThat(outcome(find(client(defender.url())))).isEqualTo("DEFENDER_BAD_ANSWER PT30S");
            assertThat(defender.requests()).isEqualTo(1);
        }

        @Test
        void textThatIsNotUtf8IsABadAnswer() throws Exception {
            byte[] latin1 = "{\"id\":\"Jürgen\"}".getBytes(StandardCharsets.ISO_8859_1);
            defender.answerNext(FakeDefenderAnswer.of(200, latin1));

            assertThat(outcome(find(client(defender.url())))).isEqualTo("DEFENDER_BAD_ANSWER PT30S");
        }

        @Test
        void keepsDefendersCorrelationId() throws Exception {
            defender.answerNext(FakeDefenderAnswer.of(
                    403,
                    "{\"error\":{\"code\":\"Forbidden\",\"message\":\"m\",\"target\":\"fa354014-0000-4000-8000-1\"}}"));

            assertThat(find(client(defender.url())))
                    .isEqualTo(new Deferred(
                            Reason.DEFENDER_ACCESS_DENIED, Duration.ofMinutes(5), "fa354014-0000-4000-8000-1", 403));
        }

        static Stream<Arguments> throttled() {
            FakeDefenderAnswer silent = FakeDefenderAnswer.throttledWithoutTime();
            return Stream.of(
                    Arguments.of("header", FakeDefenderAnswer.throttled(17), "PT17S"),
                    Arguments.of("text", FakeDefenderAnswer.throttledInText(8), "PT8S"),
                    Arguments.of("text of an hour", FakeDefenderAnswer.throttledInText(3589), "PT59M49S"),
                    Arguments.of("neither", silent, "PT1M"),
                    Arguments.of("zero", silent.with("Retry-After", "0"), "PT1S"),
                    Arguments.of("date", silent.with("Retry-After", "Thu, 01 Jan 2026 12:01:30 GMT"), "PT1M30S"),
                    Arguments.of(
                            "header before text",
                            FakeDefenderAnswer.throttledInText(8).with("Retry-After", "9"),
                            "PT9S"),
                    Arguments.of(
                            "text when the header is no time",
                            FakeDefenderAnswer.throttledInText(8).with("Retry-After", "soon"),
                            "PT8S"),
                    Arguments.of("CPU", FakeDefenderAnswer.throttledByCpu(), "PT1M"),
                    Arguments.of("page", FakeDefenderAnswer.html(429), "PT1M"),
                    Arguments.of("no body", FakeDefenderAnswer.of(429, ""), "PT1M"),
                    Arguments.of("broken off", FakeDefenderAnswer.throttled(17).brokenOff(), "PT17S"),
                    Arguments.of("too large", FakeDefenderAnswer.of(429, " ".repeat(40_000)), "PT1M"));
        }

        @ParameterizedTest(name = "{0}: {2}")
        @MethodSource
        void throttled(String where, FakeDefenderAnswer answer, String expected) throws Exception {
            defender.answerNext(answer);

            assertThat(outcome(find(client(defender.url())))).isEqualTo("DEFENDER_THROTTLED " + expected);
        }

        @Test
        void acceptsABodyOf32KiBAndNoMore() throws Exception {
            String frame = "{\"id\":\"\"}";
            String fits = "{\"id\":\"" + "a".repeat(32 * 1024 - frame.length()) + "\"}";
            defender.answerNext(FakeDefenderAnswer.user(fits), FakeDefenderAnswer.user(fits + " "));

            assertThat(outcome(find(client(defender.url())))).isEqualTo("found");
            assertThat(outcome(find(client(defender.url())))).isEqualTo("DEFENDER_BAD_ANSWER PT30S");
        }

        @Test
        void aBodyWithoutEndIsABadAnswer() throws Exception {
            defender.answerNext(FakeDefenderAnswer.endless());

            assertThat(outcome(find(client(defender.url())))).isEqualTo("DEFENDER_BAD_ANSWER PT30S");
        }

        @Test
        void hangsUpOnABodyWithoutEnd() throws Exception {
            try (RawServer server = new RawServer(connection -> {
                RawServer.readHead(connection);
                RawServer.write(connection, "HTTP/1.1 200 OK\r\n\r\n");
                return writeUntilItFails(() -> RawServer.write(connection, " ".repeat(1024)));
            })) {
                assertThat(outcome(find(client(server.url())))).isEqualTo("DEFENDER_BAD_ANSWER PT30S");
                assertThat(server.firstResult()).isEqualTo("hung up");
            }
        }

        private static String writeUntilItFails(Write write) {
            try {
                while (true) {
                    write.run();
                }
            } catch (IOException e) {
                return "hung up";
            }
        }

        interface Write {
            void run() throws IOException;
        }
    }

    @Nested
    class NoAnswer {
        @Test
        void aResetCostsOneRequest() throws Exception {
            try (RawServer server = new RawServer(connection -> {
                String head = RawServer.readHead(connection);
                // Closing with a linger time of zero sends a reset.
                connection.setSoLinger(true, 0);
                return head;
            })) {
                assertThat(outcome(find(client(server.url())))).isEqualTo("DEFENDER_UNAVAILABLE PT30S");
                assertThat(server.firstResult()).startsWith("GET /api/alerts/");
                assertThat(server.connections()).isEqualTo(1);
            }
        }

        @Test
        void aConnectionClosedInPlaceOfAnAnswerCostsOneRequest() throws Exception {
            defender.answerNext(FakeDefenderAnswer.dropped());

            assertThat(outcome(find(client(defender.url())))).isEqualTo("DEFENDER_UNAVAILABLE PT30S");
            assertThat(defender.requests()).isEqualTo(1);
        }

        @Test
        void aUserBrokenOffIsNoAnswer() throws Exception {
            defender.answerNext(FakeDefenderAnswer.userOf2020().brokenOff());

            assertThat(outcome(find(client(defender.url())))).isEqualTo("DEFENDER_UNAVAILABLE PT30S");
        }

        @Test
        void noConnectionIsUnavailable() throws Exception {
            int port;
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }

            assertThat(outcome(find(client(URI.create("http://127.0.0.1:" + port)))))
                    .isEqualTo("DEFENDER_UNAVAILABLE PT30S");
        }

        @Test
        void anAnswerThatIsNotHttpIsUnavailable() throws Exception {
            try (RawServer server = new RawServer(connection -> {
                RawServer.readHead(connection);
                RawServer.write(connection, "220 mail.example ESMTP\r\n\r\n");
                return "";
            })) {
                assertThat(outcome(find(client(server.url())))).isEqualTo("DEFENDER_UNAVAILABLE PT30S");
            }
        }

        @Test
        void aSlowServerTimesOutAfterOneRequest() throws Exception {
            defender.answerNext(FakeDefenderAnswer.userOf2020().after(Duration.ofMinutes(1)));

            assertThat(outcome(find(client(defender.url(), SHORT)))).isEqualTo("DEFENDER_TIMEOUT PT30S");
            assertThat(defender.requests()).isEqualTo(1);
        }

        @Test
        void aBodyThatDoesNotEndTimesOut() throws Exception {
            defender.answerNext(FakeDefenderAnswer.userOf2020().stalled());

            assertThat(outcome(find(client(defender.url(), SHORT)))).isEqualTo("DEFENDER_TIMEOUT PT30S");
        }

        @Test
        void aThrottlingWhoseBodyDoesNotEndIsAThrottling() throws Exception {
            defender.answerNext(FakeDefenderAnswer.throttled(17).stalled());

            assertThat(outcome(find(client(defender.url(), SHORT)))).isEqualTo("DEFENDER_THROTTLED PT17S");
        }

        @Test
        void anInterruptIsNoTimeout() throws Exception {
            defender.answerNext(FakeDefenderAnswer.userOf2020().after(Duration.ofMinutes(1)));
            DefenderClient client = client(defender.url());
            DefenderApi.Session session = client.authorize(Duration.ofSeconds(10));

            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> session.findUser(ALERT, PERMIT, CORRELATION))
                    .isInstanceOf(InterruptedException.class);
            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Nested
    class LatePermit {
        @Test
        void aPermitThatRanOutBeforehandOpensNoConnection() throws Exception {
            try (RawServer server = new RawServer(RawServer::readHead)) {
                DefenderApi.Session session = client(server.url()).authorize(Duration.ZERO);

                assertThatThrownBy(() -> session.findUser(ALERT, () -> false, CORRELATION))
                        .isInstanceOf(LatePermitException.class);
                assertThat(server.connections()).isZero();
            }
        }

        @Test
        void aPermitThatRunsOutWhileConnectingSendsNothingAndLeavesTheConnectionToTheNext() throws Exception {
            try (RawServer server = answeringNotFound()) {
                DefenderApi.Session session = client(
                                server.url(), ConnectionProvider.create("one", 1), Timeouts.DEFAULT)
                        .authorize(Duration.ZERO);
                Iterator<Boolean> current = List.of(true, false).iterator();

                assertThatThrownBy(() -> session.findUser(ALERT, current::next, new Correlation("late", null)))
                        .isInstanceOf(LatePermitException.class);
                session.findUser(ALERT, PERMIT, new Correlation("in-time", null));

                assertThat(current.hasNext()).isFalse();
                assertThat(server.connections()).isEqualTo(1);
                assertThat(server.firstResult()).contains("x-ms-client-request-id: in-time");
            }
        }
    }

    @Nested
    class Connect {
        @Test
        void opensTheConnectionOfTheNextCallAndSendsNothing() throws Exception {
            try (RawServer server = answeringNotFound()) {
                DefenderClient client = client(server.url(), ConnectionProvider.create("one", 1), Timeouts.DEFAULT);

                client.connect();
                server.awaitConnection();
                client.authorize(Duration.ZERO).findUser(ALERT, PERMIT, new Correlation("first", null));

                assertThat(server.connections()).isEqualTo(1);
                assertThat(server.firstResult())
                        .startsWith("GET /api/alerts/" + ALERT + "/user ")
                        .contains("x-ms-client-request-id: first");
            }
        }

        @Test
        void beginsOneConnectionInTheTimeThatAConnectionIsKept() throws Exception {
            AtomicInteger begun = new AtomicInteger();
            AtomicReference<Instant> now = new AtomicReference<>(NOON);
            HttpPipeline pipeline = new HttpPipelineBuilder()
                    .httpClient(request -> Mono.fromRunnable(begun::incrementAndGet))
                    .build();
            DefenderClient client =
                    new DefenderClient(URI.create("http://localhost"), tokens(), pipeline, Timeouts.DEFAULT, now::get);

            client.connect();
            client.connect();
            now.set(NOON.plus(DefenderPipeline.MAX_IDLE));
            client.connect();
            assertThat(begun).hasValue(1);

            now.set(now.get().plus(DefenderPipeline.MAX_IDLE).plusMillis(1));
            client.connect();
            assertThat(begun).hasValue(2);
        }

        @Test
        void neverFails() throws Exception {
            URI nobody;
            try (RawServer server = answeringNotFound()) {
                nobody = server.url();
            }

            DefenderClient client = client(nobody);

            assertThatCode(client::connect).doesNotThrowAnyException();
            assertThat(find(client)).isInstanceOf(LookupResult.Deferred.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void aRefusalOfAUserIsTheUsersAffair(int status) throws Exception {
        try (RawServer server = new RawServer(connection -> {
            String head = RawServer.readHead(connection);
            RawServer.write(connection, "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
            return head;
        })) {
            assertThat(find(client(server.url()).onBehalfOf(tokens())))
                    .isEqualTo(new LookupResult.Deferred(
                            Reason.DEFENDER_DENIES_USER, Duration.ofMinutes(5), null, status));
        }
    }

    private static RawServer answeringNotFound() {
        return new RawServer(connection -> {
            String head = RawServer.readHead(connection);
            RawServer.write(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
            return head;
        });
    }

    private static DefenderClient client(URI url) throws Exception {
        return client(url, Timeouts.DEFAULT);
    }

    private static DefenderClient client(URI url, Timeouts timeouts) throws Exception {
        return client(url, DefenderPipeline.connections(), timeouts);
    }

    private static DefenderClient client(URI url, ConnectionProvider connections, Timeouts timeouts) throws Exception {
        return new DefenderClient(url, tokens(), DefenderPipeline.create(connections, timeouts), timeouts, () -> NOON);
    }

    private static TokenSource tokens() throws Exception {
        AccessToken token = new AccessToken(
                FakeToken.good().signed(), NOON.plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
        TokenSource tokens =
                new TokenSource(context -> Mono.just(token), "scope", Duration.ofMinutes(2), () -> NOON, () -> 0);
        // Fetched here, so that a session is had without a wait.
        tokens.get(Duration.ofSeconds(10));
        return tokens;
    }

    private static LookupResult find(DefenderClient client) throws Exception {
        return client.authorize(Duration.ZERO).findUser(ALERT, PERMIT, CORRELATION);
    }

    private static String outcome(LookupResult result) {
        return result.match(
                found -> "found",
                (NotFound notFound) -> "not found",
                rejected -> "rejected",
                deferred -> deferred.reason() + " " + deferred.retryAfter());
    }
}
