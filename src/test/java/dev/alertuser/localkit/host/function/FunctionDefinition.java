package dev.alertuser.localkit.host.function;

import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.function.Function;

/**
 * One function, ready to be called.
 *
 * @param arguments what each parameter takes from the call, in their order
 * @param instances makes the instance of each call
 */
public record FunctionDefinition(
        String name,
        Method method,
        Trigger trigger,
        List<Function<Call, Object>> arguments,
        FunctionInstanceInjector instances) {

    /**
     * Calls the function on an instance of its own.
     *
     * @throws Exception what the function, its constructor or an argument threw; an {@link Error} comes through as it is
     */
    Object invoke(Call call) throws Exception {
        Object[] values =
                arguments.stream().map(argument -> argument.apply(call)).toArray();
        try {
            return method.invoke(instances.getInstance(method.getDeclaringClass()), values);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
