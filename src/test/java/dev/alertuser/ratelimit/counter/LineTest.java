package dev.alertuser.ratelimit.counter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.service.budget.QuestionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LineTest {
    private static final Place FIRST = new Place(10_000, new QuestionKey(1));
    private static final Place SECOND = new Place(20_000, new QuestionKey(2));
    private static final Place THIRD = new Place(30_000, new QuestionKey(3));
    private static final Line LINE = Line.EMPTY.with(SECOND).with(THIRD).with(FIRST);

    @Test
    void keepsPlacesInTheOrderOfTheirSlots() {
        assertThat(LINE.places()).containsExactly(FIRST, SECOND, THIRD);
        assertThat(LINE.size()).isEqualTo(3);
    }

    @Test
    void whoComesLaterIsBehindOthersOfTheSameSlot() {
        Place same = new Place(SECOND.slot(), new QuestionKey(4));

        assertThat(LINE.with(same).places()).containsExactly(FIRST, SECOND, same, THIRD);
    }

    @Test
    void findsThePlaceOfAQuestion() {
        assertThat(LINE.find(new QuestionKey(2))).contains(SECOND);
        assertThat(LINE.find(new QuestionKey(4))).isEmpty();
    }

    @Test
    void losesTheGivenPlaceOnly() {
        assertThat(LINE.without(SECOND).places()).containsExactly(FIRST, THIRD);
    }

    @Test
    void aPlaceCanBeClaimedFor13SecondsAndAtTheLastOfThem() {
        assertThat(FIRST.end()).isEqualTo(23_000);
        assertThat(LINE.after(23_000)).isEqualTo(LINE);
        assertThat(LINE.after(23_001).places()).containsExactly(SECOND, THIRD);
        assertThat(LINE.after(33_001).places()).containsExactly(THIRD);
        assertThat(LINE.after(43_001)).isEqualTo(Line.EMPTY);
    }

    @Test
    void placesUpToASlotIncludeIt() {
        assertThat(LINE.notAfter(30_000)).isEqualTo(LINE);
        assertThat(LINE.notAfter(29_999).places()).containsExactly(FIRST, SECOND);
        assertThat(LINE.notAfter(9_999)).isEqualTo(Line.EMPTY);
    }

    @Test
    void whosePlaceIsClaimedIsNotWaiting() {
        Line claimed = LINE.without(SECOND).with(SECOND.claim(15_000));

        assertThat(claimed.places()).containsExactly(FIRST, new Place(15_000, new QuestionKey(2), true), THIRD);
        assertThat(LINE.waiting()).isEqualTo(3);
        assertThat(claimed.waiting()).isEqualTo(2);
    }

    @Test
    void placesThatAreDroppedOrMovedAreMissingAndClaimedOnesAreNot() {
        Line moved = LINE.without(SECOND).with(SECOND.at(25_000));
        Line claimed = LINE.without(THIRD).with(THIRD.claim(THIRD.slot()));

        assertThat(LINE.missingFrom(LINE)).isZero();
        assertThat(LINE.missingFrom(LINE.without(FIRST))).isEqualTo(1);
        assertThat(LINE.missingFrom(moved)).isEqualTo(1);
        assertThat(LINE.missingFrom(Line.EMPTY)).isEqualTo(3);
        assertThat(claimed.missingFrom(Line.EMPTY)).isEqualTo(2);
    }

    @Test
    void aPlaceThatIsMovedRemainsTheSameQuestionsAndIsClaimedOrNotAsBefore() {
        List<Place> moved = Stream.of(FIRST, FIRST.claim(11_000))
                .map(place -> place.at(40_000))
                .toList();

        assertThat(moved)
                .containsExactly(new Place(40_000, FIRST.question(), false), new Place(40_000, FIRST.question(), true));
    }

    /** Places that are claimed are not in anybody's way. */
    @Test
    void fiveOpenPlacesWithinASecondOfOneAreACrowd() {
        Line five = Line.EMPTY
                .with(open(9_001, 1))
                .with(open(9_500, 2))
                .with(open(10_000, 3))
                .with(open(10_000, 4))
                .with(open(10_999, 5));

        assertThat(five.isCrowdedAround(open(10_000, 3))).isTrue();
        assertThat(five.isCrowdedAround(open(9_999, 6))).isFalse();
        assertThat(five.isCrowdedAround(open(10_001, 6))).isFalse();
        assertThat(five.without(open(9_500, 2)).isCrowdedAround(open(10_000, 3)))
                .isFalse();
        assertThat(five.without(open(9_500, 2))
                        .with(open(9_500, 2).claim(9_500))
                        .isCrowdedAround(open(10_000, 3)))
                .isFalse();
    }

    private static Place open(long slot, int question) {
        return new Place(slot, new QuestionKey(question));
    }

    @Test
    void doesNotChangeWhenTheListItWasMadeFromDoes() {
        List<Place> places = new ArrayList<>(List.of(FIRST));
        Line line = new Line(places);
        places.clear();

        assertThat(line.size()).isEqualTo(1);
    }
}
