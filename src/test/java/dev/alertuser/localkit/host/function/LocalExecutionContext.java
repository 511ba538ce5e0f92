package dev.alertuser.localkit.host.function;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.TraceContext;
import java.util.UUID;
import java.util.logging.Logger;

/** One call's context. What is logged through it carries the call's id, until the call is over. */
final class LocalExecutionContext implements ExecutionContext, AutoCloseable {
    private final String functionName;
    private final String invocationId = UUID.randomUUID().toString();
    private final TraceContext trace;
    private final InvocationLog log;

    LocalExecutionContext(String functionName, TraceContext trace, Logger hostLog) {
        this.functionName = functionName;
        this.trace = trace;
        this.log = new InvocationLog("[" + functionName + " " + invocationId + "] ", hostLog);
    }

    @Override
    public Logger getLogger() {
        return log.logger();
    }

    @Override
    public String getInvocationId() {
        return invocationId;
    }

    @Override
    public String getFunctionName() {
        return functionName;
    }

    @Override
    public TraceContext getTraceContext() {
        return trace;
    }

    @Override
    public void close() {
        log.close();
    }
}
