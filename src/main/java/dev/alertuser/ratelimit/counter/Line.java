package dev.alertuser.ratelimit.counter;

import dev.alertuser.service.budget.QuestionKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The places that are promised, in order of their slots. Immutable; reads no clock.
 *
 * @param places at most one for a question
 */
public record Line(List<Place> places) {
    public static final Line EMPTY = new Line(List.of());

    /** So many take less than a third of the row (see {@link CounterCodec}). */
    static final int MOST = 1_500;

    /** Milliseconds. */
    private static final long TOGETHER = 1_000;

    private static final int CROWD = 5;

    public Line {
        places = List.copyOf(places);
    }

    public int size() {
        return places.size();
    }

    /** Number of places that may still be claimed. */
    public int waiting() {
        return (int) places.stream().filter(place -> !place.claimed()).count();
    }

    /** Whether so many places come due together with that one that their callers would meet at the row. */
    public boolean isCrowdedAround(Place one) {
        return places.stream()
                        .filter(place -> !place.claimed() && Math.abs(place.slot() - one.slot()) < TOGETHER)
                        .count()
                >= CROWD;
    }

    /** Number of places to be claimed that are not among the given ones, or not at the same time. */
    public int missingFrom(Line other) {
        Set<Place> kept = new HashSet<>(other.places);
        return (int) places.stream()
                .filter(place -> !place.claimed() && !kept.contains(place))
                .count();
    }

    /** The place of a question. */
    public Optional<Place> find(QuestionKey question) {
        return places.stream()
                .filter(place -> place.question().equals(question))
                .findFirst();
    }

    Line with(Place place) {
        int index = places.size();
        while (index > 0 && places.get(index - 1).slot() > place.slot()) {
            index--;
        }
        List<Place> next = new ArrayList<>(places);
        next.add(index, place);
        return new Line(next);
    }

    Line without(Place place) {
        List<Place> next = new ArrayList<>(places);
        next.remove(place);
        return new Line(next);
    }

    /** Without the places that could be claimed before that time only. */
    Line after(long time) {
        int lapsed = 0;
        while (lapsed < places.size() && places.get(lapsed).end() < time) {
            lapsed++;
        }
        return lapsed == 0 ? this : new Line(places.subList(lapsed, places.size()));
    }

    /** The places up to a slot. */
    Line notAfter(long slot) {
        int size = places.size();
        while (size > 0 && places.get(size - 1).slot() > slot) {
            size--;
        }
        return size == places.size() ? this : new Line(places.subList(0, size));
    }
}
