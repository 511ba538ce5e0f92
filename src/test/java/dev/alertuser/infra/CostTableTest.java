package dev.alertuser.infra;

import static dev.alertuser.infra.Repository.INFRA;
import static dev.alertuser.infra.Repository.find;
import static dev.alertuser.infra.Repository.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.alertuser.docs.MarkdownDocument;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of costs in the guide: its products, its sums, and what it counts in the templates. */
class CostTableTest {
    private static final MarkdownDocument SECTION = MarkdownDocument.OPERATION.section("What it costs");

    /** A number with spaces between thousands, as in "1 095 000" or "0.000026". */
    private static final Pattern NUMBER = Pattern.compile("\\d{1,3}(?: \\d{3})+(?!\\d)|\\d+(?:\\.\\d+)?");

    private static final Map<String, Integer> UNITS = Map.of("per million", 1_000_000, "per 10 000", 10_000);

    /** A meter: its price in US dollars, how much of it is free, and quantity and cost at rest and under load. */
    private record Row(String meter, String price, String free, List<String> quantities, List<String> costs) {
        static Row of(List<String> cells) {
            return new Row(
                    cells.get(0),
                    cells.get(1),
                    cells.get(2),
                    List.of(cells.get(3), cells.get(5)),
                    List.of(cells.get(4), cells.get(6)));
        }

        boolean isTotal() {
            return meter.contains("Total");
        }

        @Override
        public String toString() {
            return meter;
        }
    }

    static List<Row> meters() {
        return rows().stream().filter(row -> !row.isTotal()).toList();
    }

    private static List<Row> rows() {
        return SECTION.rows().stream().map(Row::of).toList();
    }

    /** Products and sums, as in "3 places × 4 an hour × 730 h + 730 purges = 9 490". */
    static List<String> equations() {
        return Stream.concat(
                        rows().stream().flatMap(row -> row.quantities().stream()),
                        SECTION.text()
                                .lines()
                                .filter(line -> !line.startsWith("|"))
                                .flatMap(line -> Stream.of(line.split("[:,;(]"))))
                .filter(text -> text.contains(" × ") && text.contains(" = "))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("equations")
    void eachProductIsRight(String equation) {
        String[] sides = equation.split(" = ", 2);

        assertThat(sum(sides[0])).isEqualByComparingTo(first(sides[1]));
    }

    private static BigDecimal sum(String text) {
        return Stream.of(text.split(" \\+ "))
                .map(product -> Stream.of(product.split(" × "))
                        .map(CostTableTest::first)
                        .reduce(BigDecimal.ONE, BigDecimal::multiply))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal first(String text) {
        return numbers(text).get(0);
    }

    private static BigDecimal last(String text) {
        List<BigDecimal> numbers = numbers(text);
        return numbers.get(numbers.size() - 1);
    }

    private static List<BigDecimal> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(MatchResult::group)
                .map(number -> new BigDecimal(number.replace(" ", "")))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("meters")
    void eachCostIsItsPriceTimesWhatIsNotFree(Row row) {
        int unit = UNITS.entrySet().stream()
                .filter(entry -> row.price().contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(1);
        List<String> expected = row.quantities().stream()
                .map(quantity -> last(quantity)
                        .subtract(first(row.free()))
                        .max(BigDecimal.ZERO)
                        .multiply(first(row.price()))
                        .divide(BigDecimal.valueOf(unit), 2, RoundingMode.HALF_UP)
                        .toString())
                .toList();

        assertThat(row.costs()).isEqualTo(expected);
    }

    @Test
    void theTotalIsTheSumOfTheRowsAboveIt() {
        List<Row> above = new ArrayList<>();
        for (Row row : rows()) {
            if (row.isTotal()) {
                assertThat(List.of(sumOfCosts(above, 0), sumOfCosts(above, 1))).isEqualTo(row.costs());
                return;
            }
            above.add(row);
        }
        throw new AssertionError("no row is a total");
    }

    private static String sumOfCosts(List<Row> rows, int column) {
        return rows.stream()
                .map(row -> new BigDecimal(row.costs().get(column)))
                .reduce(BigDecimal.ZERO, BigDecimal::add)
                .toString();
    }

    @Test
    void countsWhatTheTemplatesMake() {
        String readiness = text(INFRA.resolve("monitor/readiness.bicep"));
        int places = find("'((?:us|emea|apac)-[a-z]+-[a-z]+-azr)'", readiness).size();
        int perHour = 3600 / Integer.parseInt(only("Frequency: (\\d+)", readiness));
        int rules = find("^ {4}name: '([a-z-]+)'$", text(INFRA.resolve("monitor/alerts.bicep")))
                        .size()
                + 1;
        int endpoints = only("for service in \\[([^\\]]*)\\]", text(INFRA.resolve("network/network.bicep")))
                .split(",")
                .length;
        int gigabytes =
                Integer.parseInt(only("instanceMemoryMB: (\\d+)", text(INFRA.resolve("app/function-app.bicep"))))
                        / 1024;

        assertThat(quantity("Availability test")).startsWith(places + " places × " + perHour + " an hour × 730 h");
        assertThat(quantity("Log alert rules")).isEqualTo(rules + "");
        assertThat(quantity("+ private network: endpoints")).startsWith(endpoints + " × 730 h");
        assertThat(quantity("+ private DNS zones")).isEqualTo(endpoints + "");
        assertThat(quantity("Flex Consumption, GB-s")).contains("× 1 s × " + gigabytes + " GB");
    }

    private static String only(String pattern, String text) {
        return find(pattern, text).iterator().next();
    }

    /** At rest. */
    private static String quantity(String meter) {
        return row(meter).quantities().get(0);
    }

    private static Row row(String meter) {
        return meters().stream()
                .filter(row -> row.meter().startsWith(meter))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no meter " + meter));
    }

    /** Ten instances of two GB for a day, and the logs up to the cap. */
    @Test
    void pricesAFloodByTheLimitsThatAreDeployed() {
        String main = text(INFRA.resolve("main.bicep"));
        int instances = Integer.parseInt(only("param maximumInstanceCount int = (\\d+)", main));
        BigDecimal compute = price("Flex Consumption, GB-s").multiply(BigDecimal.valueOf(instances * 86_400L * 2));
        BigDecimal logs = price("Log Analytics").multiply(new BigDecimal(only("param dailyCapGb int = (\\d+)", main)));

        assertThat(SECTION.text())
                .contains(instances + " instances × 86 400 s × 2 GB = ")
                .contains("GB-s (" + compute.setScale(2, RoundingMode.HALF_UP) + " dollars)")
                .contains("GB of logs (" + logs + " dollars)");
    }

    private static BigDecimal price(String meter) {
        return first(row(meter).price());
    }
}
