package dev.alertuser.functions.http;

import static org.mockito.ArgumentMatchers.any;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import dev.alertuser.functions.lookup.AlertUserFunction;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import org.mockito.Answers;
import org.mockito.Mockito;

/** A worker process whose first request is invalid. */
public final class InvalidRequestProbe {
    private InvalidRequestProbe() {}

    @SuppressWarnings("unchecked")
    public static void main(String... arguments) {
        HttpRequestMessage<Optional<String>> request = Mockito.mock(HttpRequestMessage.class);
        HttpResponseMessage.Builder builder = Mockito.mock(HttpResponseMessage.Builder.class, Answers.RETURNS_SELF);
        ExecutionContext context = Mockito.mock(ExecutionContext.class);
        Mockito.when(request.getHeaders()).thenReturn(Map.of());
        Mockito.when(request.createResponseBuilder(any(HttpStatus.class))).thenAnswer(call -> {
            System.out.println("answered " + call.getArgument(0));
            return builder;
        });
        Mockito.when(context.getInvocationId()).thenReturn("probe");
        Mockito.when(context.getLogger()).thenReturn(Logger.getAnonymousLogger());

        new AlertUserFunction().run(request, "not/an/id", context);
    }
}
