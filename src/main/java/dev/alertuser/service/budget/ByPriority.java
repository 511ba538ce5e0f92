package dev.alertuser.service.budget;

import java.util.function.Function;

/** One value for each priority. */
public record ByPriority<T>(T interactive, T backlog) {

    public static <T> ByPriority<T> of(Function<Priority, T> value) {
        return new ByPriority<>(value.apply(Priority.INTERACTIVE), value.apply(Priority.BACKLOG));
    }
}
