package dev.alertuser.payload.json;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A path to values in a body: {@code resourceData.id}. Dots join member names, and {@code [*]} selects all elements of an array.
 */
public record MemberPath(String text, List<Step> steps) {
    private static final String EACH = "[*]";

    record Step(String name, boolean each) {}

    public static MemberPath of(String text) {
        return new MemberPath(
                text,
                Stream.of(text.split("\\.", -1))
                        .map(step -> new Step(step.replace(EACH, ""), step.endsWith(EACH)))
                        .toList());
    }

    /** The values that this path selects from {@code start}, in the order of the body. */
    public List<Located> from(Located start) {
        List<Located> reached = List.of(start);
        for (Step step : steps) {
            List<Located> next = new ArrayList<>();
            for (Located place : reached) {
                place.member(step.name).ifPresent(member -> {
                    if (step.each) {
                        next.addAll(member.elements());
                    } else {
                        next.add(member);
                    }
                });
            }
            reached = next;
        }
        return reached;
    }

    public boolean leadsSomewhereFrom(Located start) {
        return !from(start).isEmpty();
    }
}
