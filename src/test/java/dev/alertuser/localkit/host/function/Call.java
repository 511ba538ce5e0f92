package dev.alertuser.localkit.host.function;

import com.microsoft.azure.functions.ExecutionContext;
import java.util.Map;

/**
 * What the parameters of one call are taken from.
 *
 * @param input for the parameter with the trigger's annotation
 * @param metadata for those with {@code @BindingName}, by their names as they are spelled
 */
record Call(Object input, Map<String, String> metadata, ExecutionContext context) {}
