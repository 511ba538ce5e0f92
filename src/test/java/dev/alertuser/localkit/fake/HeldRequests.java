package dev.alertuser.localkit.fake;

import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps requests from the service until they are released, even those whose clients have gone by then. */
public final class HeldRequests implements StorageFault {
    private static final int PATIENCE_SECONDS = 60;

    private final BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
    private final CountDownLatch released = new CountDownLatch(1);

    /** Method and target of the next one, once it has come. */
    public String await() throws InterruptedException {
        String request = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (request == null) {
            throw new AssertionError("no request within " + PATIENCE_SECONDS + " s");
        }
        return request;
    }

    /** Sends all of them on to the service, and those that come later at once. */
    public void release() {
        released.countDown();
    }

    @Override
    public void treat(StorageExchange exchange) throws IOException, InterruptedException {
        arrived.add(exchange.request());
        released.await();
        exchange.answer(exchange.ask());
    }
}
