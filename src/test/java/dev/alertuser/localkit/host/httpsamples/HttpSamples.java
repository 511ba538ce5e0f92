package dev.alertuser.localkit.host.httpsamples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.azure.functions.annotation.WarmupTrigger;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Functions for the tests of the host's HTTP side. */
public final class HttpSamples {
    /** Lets a call of {@link Hanging} end. Static, as the host makes its instances itself and leaves a test no other way in. */
    public static final Semaphore END = new Semaphore(0);

    /** The calls that were let. */
    public static final Semaphore ENDED = new Semaphore(0);

    private HttpSamples() {}

    /** Answers with what it was given. */
    public static final class Echo {
        @FunctionName("Echo")
        public HttpResponseMessage run(
                @HttpTrigger(
                                name = "request",
                                methods = {HttpMethod.GET, HttpMethod.POST},
                                route = "echo/{name}/{%PART%}")
                        HttpRequestMessage<Optional<String>> request,
                @BindingName("name") String name,
                @BindingName("part") String part,
                ExecutionContext context)
                throws JsonProcessingException {
            ObjectNode seen = JsonMapper.builder().build().createObjectNode();
            seen.put("name", name)
                    .put("part", part)
                    .put("body", request.getBody().orElse(null));
            seen.put("uri", request.getUri().toString())
                    .put("method", request.getHttpMethod().name());
            seen.putPOJO("headers", request.getHeaders()).putPOJO("query", request.getQueryParameters());
            seen.put("function", context.getFunctionName()).put("invocation", context.getInvocationId());
            seen.put("traceparent", context.getTraceContext().getTraceparent());
            seen.put("retried", context.getRetryContext() != null);
            seen.put("instance", System.identityHashCode(this));
            return request.createResponseBuilder(HttpStatus.OK)
                    .header("Content-Type", "application/json")
                    .body(JsonMapper.builder().build().writeValueAsString(seen))
                    .build();
        }
    }

    /** Its route is more literal than that of {@link Echo}. */
    public static final class Fixed {
        @FunctionName("Fixed")
        public HttpResponseMessage run(
                @HttpTrigger(
                                name = "request",
                                methods = {HttpMethod.GET, HttpMethod.HEAD},
                                route = "echo/fixed/text")
                        HttpRequestMessage<Optional<String>> request) {
            return request.createResponseBuilder(HttpStatusType.custom(299))
                    .body("grüße")
                    .build();
        }
    }

    /** Has no route of its own, takes any method and answers bytes. */
    public static final class Bytes {
        @FunctionName("Bytes")
        public HttpResponseMessage run(@HttpTrigger(name = "request") HttpRequestMessage<Optional<String>> request) {
            return request.createResponseBuilder(HttpStatus.OK)
                    .body(new byte[] {0, 1, 2})
                    .build();
        }
    }

    /** Answers without a body. */
    public static final class Empty {
        @FunctionName("Empty")
        public HttpResponseMessage run(
                @HttpTrigger(name = "request", methods = HttpMethod.GET) HttpRequestMessage<Optional<String>> request) {
            return request.createResponseBuilder(HttpStatus.ACCEPTED)
                    .header("Location", "/somewhere")
                    .build();
        }
    }

    /** Throws when there is no body. */
    public static final class Failing {
        @FunctionName("Failing")
        public HttpResponseMessage run(
                @HttpTrigger(name = "request", methods = HttpMethod.GET) HttpRequestMessage<Optional<String>> request) {
            return request.createResponseBuilder(HttpStatus.OK)
                    .body(request.getBody().orElseThrow())
                    .build();
        }
    }

    /** Answers with a variable of the environment, and says which. */
    public static final class Environment {
        @FunctionName("Environment")
        public HttpResponseMessage run(
                @HttpTrigger(name = "request", methods = HttpMethod.GET) HttpRequestMessage<Optional<String>> request,
                @BindingName("name") String name,
                ExecutionContext context) {
            context.getLogger().info("asked for " + name + ".");
            return request.createResponseBuilder(HttpStatus.OK)
                    .body(System.getenv(name))
                    .build();
        }
    }

    /** Takes a second, and says when it begins. */
    public static final class Slow {
        @FunctionName("Slow")
        public HttpResponseMessage run(
                @HttpTrigger(name = "request", methods = HttpMethod.GET) HttpRequestMessage<Optional<String>> request,
                ExecutionContext context)
                throws InterruptedException {
            context.getLogger().info("begins");
            TimeUnit.SECONDS.sleep(1);
            return request.createResponseBuilder(HttpStatus.OK).body("done").build();
        }
    }

    /** Does not end by itself. */
    public static final class Hanging {
        @FunctionName("Hanging")
        public HttpResponseMessage run(
                @HttpTrigger(name = "request", methods = HttpMethod.GET) HttpRequestMessage<Optional<String>> request)
                throws InterruptedException {
            END.acquire();
            ENDED.release();
            return request.createResponseBuilder(HttpStatus.OK).build();
        }
    }

    /** Answers with a header that holds what the query says. */
    public static final class Header {
        @FunctionName("Header")
        public HttpResponseMessage run(
                @HttpTrigger(name = "request", methods = HttpMethod.GET, authLevel = AuthorizationLevel.ANONYMOUS)
                        HttpRequestMessage<Optional<String>> request,
                @BindingName("value") String value) {
            return request.createResponseBuilder(HttpStatus.OK)
                    .header("X-Value", value)
                    .build();
        }
    }

    /** Wants the master key. */
    public static final class Mastered {
        @FunctionName("Mastered")
        public HttpResponseMessage run(
                @HttpTrigger(name = "request", methods = HttpMethod.GET, authLevel = AuthorizationLevel.ADMIN)
                        HttpRequestMessage<Optional<String>> request) {
            return request.createResponseBuilder(HttpStatus.OK).build();
        }
    }

    /** Asks for metadata that few requests have. */
    public static final class Unbound {
        @FunctionName("Unbound")
        public HttpResponseMessage run(
                @HttpTrigger(name = "request", methods = HttpMethod.GET) HttpRequestMessage<Optional<String>> request,
                @BindingName("filter") String filter) {
            return request.createResponseBuilder(HttpStatus.OK).body(filter).build();
        }
    }

    /** Cannot be initialised: an {@link Error}, which the worker does not catch. */
    public static final class Broken {
        private static final int IMPOSSIBLE = Integer.parseInt("impossible");

        @FunctionName("Broken")
        public HttpResponseMessage run(
                @HttpTrigger(name = "request", methods = HttpMethod.GET) HttpRequestMessage<Optional<String>> request) {
            return request.createResponseBuilder(HttpStatus.OK)
                    .body("" + IMPOSSIBLE)
                    .build();
        }
    }

    /** Fails, where the host warms up. */
    public static final class Warmup {
        @FunctionName("Warmup")
        public void run(@WarmupTrigger(name = "warmup") Object warmup, ExecutionContext context) {
            context.getLogger().info("never logged: " + Integer.parseInt(warmup.toString()));
        }
    }
}
