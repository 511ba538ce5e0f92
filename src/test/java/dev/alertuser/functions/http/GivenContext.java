package dev.alertuser.functions.http;

import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.TraceContext;
import java.util.List;

/** The context of one invocation, for tests that call a function as the worker does. */
public final class GivenContext {
    public static final String INVOCATION_ID = "11111111-2222-3333-4444-555555555555";

    private GivenContext() {}

    /**
     * A context for an invocation of that function.
     *
     * @param lines receives the messages that the function logs
     */
    public static ExecutionContext of(String functionName, List<String> lines) {
        ExecutionContext context = mock(ExecutionContext.class);
        TraceContext trace = mock(TraceContext.class);
        when(context.getFunctionName()).thenReturn(functionName);
        when(context.getInvocationId()).thenReturn(INVOCATION_ID);
        when(context.getTraceContext()).thenReturn(trace);
        when(context.getLogger()).thenReturn(RecordingLogger.into(lines));
        return context;
    }
}
