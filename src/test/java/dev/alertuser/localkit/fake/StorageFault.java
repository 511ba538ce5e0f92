package dev.alertuser.localkit.fake;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** What becomes of a request to a storage account that is not well, or that is far away. */
@FunctionalInterface
public interface StorageFault {
    /** None: the request reaches the service, and its answer the client. */
    StorageFault NONE = exchange -> exchange.answer(exchange.ask());

    /** The connection breaks before the service has the request. */
    StorageFault LOST_REQUEST = StorageExchange::reset;

    /** The service does what it is asked, and the connection breaks before its answer is there. */
    StorageFault LOST_ANSWER = exchange -> {
        exchange.ask();
        exchange.reset();
    };

    /** Nothing happens until the client gives up. */
    StorageFault HANG = StorageExchange::awaitEndOfClient;

    /** The request reaches the service once the client has given up. */
    StorageFault LATE_REQUEST = exchange -> {
        exchange.awaitEndOfClient();
        exchange.ask();
    };

    /** Treats one request. When this returns without an answer, the connection ends. */
    void treat(StorageExchange exchange) throws IOException, InterruptedException;

    /** Hands each answer on after that time. */
    static StorageFault slow(Duration latency) {
        return exchange -> {
            HttpMessage answer = exchange.ask();
            Thread.sleep(latency.toMillis());
            exchange.answer(answer);
        };
    }

    /** The first requests meet the fault, and the others none. */
    default StorageFault times(int count) {
        AtomicInteger left = new AtomicInteger(count);
        return exchange -> (left.getAndDecrement() > 0 ? this : NONE).treat(exchange);
    }

    /** One of so many requests in a row meets the fault, whichever, and the others none. */
    default StorageFault oneIn(int requests) {
        return oneIn(requests, NONE);
    }

    /** The same with another fault for the other requests. */
    default StorageFault oneIn(int requests, StorageFault others) {
        Lot lot = new Lot(requests);
        return exchange -> (lot.draw() ? this : others).treat(exchange);
    }

    /**
     * Front ends with clocks of their own. Connections reach them by turns, and end after some requests, so that a client meets several.
     *
     * @param skews how far each clock is ahead of this machine's
     */
    static StorageFault frontEnds(List<Duration> skews) {
        return exchange -> {
            HttpMessage answer = exchange.ask();
            Instant date = Instant.now().plus(skews.get(exchange.connection() % skews.size()));
            answer = answer.with("Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(date.atOffset(ZoneOffset.UTC)));
            exchange.answer(exchange.number() % 10 == 0 ? answer.with("Connection", "close") : answer);
        };
    }
}
