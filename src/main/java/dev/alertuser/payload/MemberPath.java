package dev.alertuser.payload;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The way to values in a body: {@code object.properties.alerts[*].properties}. Members are joined by dots, {@code [*]} goes
 * through the elements of an array, and {@code .} alone stays where it is.
 */
record MemberPath(String text, List<Step> steps) {
    private static final String EACH = "[*]";

    record Step(String name, boolean each) {}

    static MemberPath of(String text) {
        if (text.equals(".")) {
            return new MemberPath("", List.of());
        }
        return new MemberPath(
                text,
                Stream.of(text.split("\\.", -1))
                        .map(step -> new Step(step.replace(EACH, ""), step.endsWith(EACH)))
                        .toList());
    }

    /** Where the path leads from there, in the order of the body. */
    List<Place> from(Place start) {
        List<Place> places = List.of(start);
        for (Step step : steps) {
            List<Place> next = new ArrayList<>();
            for (Place place : places) {
                place.member(step.name).ifPresent(member -> {
                    if (step.each) {
                        member.elements().forEach(next::add);
                    } else {
                        next.add(member);
                    }
                });
            }
            places = next;
        }
        return places;
    }

    /** This path followed by another, as text. */
    String then(MemberPath next) {
        return text.isEmpty() ? next.text : text + "." + next.text;
    }
}
